import { connect } from 'node:net';

/**
 * The question by which readiness is judged: Metadata v1 for no topics, which every broker since 0.10 answers. A broker
 * lists those that are registered and not fenced. Source: Kafka protocol guide, API key 3.
 */
export const encodeMetadataRequest = (): Buffer => {
  const clientId = Buffer.from('mskeeper-probe');
  const body = Buffer.alloc(10 + clientId.length + 4);
  body.writeInt16BE(3, 0);
  body.writeInt16BE(1, 2);
  body.writeInt32BE(1, 4);
  body.writeInt16BE(clientId.length, 8);
  clientId.copy(body, 10);
  body.writeInt32BE(0, 10 + clientId.length);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
};

/** Broker ids in an answer (with its size), or undefined while it is incomplete. */
export const decodeBrokerIds = (answer: Buffer): number[] | undefined => {
  if (answer.length < 12 || answer.length < 4 + answer.readInt32BE(0)) return undefined;
  const ids: number[] = [];
  let at = 12;
  for (let left = answer.readInt32BE(8); left > 0; left -= 1) {
    ids.push(answer.readInt32BE(at));
    at += 4;
    at += 2 + answer.readInt16BE(at);
    at += 4;
    at += 2 + Math.max(0, answer.readInt16BE(at));
  }
  return ids.sort((left, right) => left - right);
};

/** Asks one broker which brokers it knows to be alive; undefined where it doesn't answer within `timeoutMs`. */
export const fetchBrokerIds = (port: number, timeoutMs: number): Promise<number[] | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = Buffer.alloc(0);
    const finish = (ids: number[] | undefined): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(ids);
    };
    const deadline = setTimeout(() => finish(undefined), timeoutMs);
    socket.on('connect', () => socket.write(encodeMetadataRequest()));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const ids = decodeBrokerIds(answer);
      if (ids !== undefined) finish(ids);
    });
    socket.on('close', () => finish(undefined));
    // A refused connection is an answer too: not yet.
    socket.on('error', () => finish(undefined));
  });

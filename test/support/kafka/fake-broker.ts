import net from 'node:net';
import { afterEach } from 'vitest';
import { WireWriter } from '../../../shared/kafka/wire/writer.ts';

/** One request as a broker gets it, header taken apart. */
type ReceivedRequest = { readonly apiKey: number; readonly version: number; readonly correlationId: number };

/** What a fake broker does with a request; it writes bytes itself, so that it can write wrong ones. */
export type Behaviour = (request: ReceivedRequest, socket: net.Socket) => void;

const running = new Set<{ close: () => void }>();

afterEach(() => {
  for (const server of running) server.close();
  running.clear();
});

/** Listens on a free loopback port until the test ends. @returns the port */
export const listen = async (onConnection: (socket: net.Socket) => void): Promise<number> => {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    // The client hangs up on what it refuses: resets are expected here.
    socket.on('error', () => {});
    onConnection(socket);
  });
  running.add({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** A frame: length, correlation id, body. */
export const frame = (correlationId: number, body: Buffer): Buffer => {
  const head = new WireWriter(false).int32(body.length + 4).int32(correlationId).bytes;
  return Buffer.concat([head, body]);
};

const apiVersionsKey = 18;

/** ApiVersions 0–2: every API up to 69 in versions 0–20. */
export const apiVersionsBody = (version: number): Buffer => {
  const keys = Array.from({ length: 70 }, (_, key) => key);
  const writer = new WireWriter(false).int16(0).array(keys, (each, key) => each.int16(key).int16(0).int16(20));
  if (version >= 1) writer.int32(0);
  return Buffer.from(writer.bytes);
};

/** A broker that answers the version question rightly, and everything else as told. */
export const listenAsBroker = (behaviour: Behaviour, onVersions?: Behaviour): Promise<number> =>
  listen((socket) => {
    let buffered: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const end = 4 + buffered.readInt32BE(0);
        const request = {
          apiKey: buffered.readInt16BE(4),
          version: buffered.readInt16BE(6),
          correlationId: buffered.readInt32BE(8),
        };
        buffered = buffered.subarray(end);
        if (request.apiKey !== apiVersionsKey) behaviour(request, socket);
        else if (onVersions !== undefined) onVersions(request, socket);
        else socket.write(frame(request.correlationId, apiVersionsBody(request.version)));
      }
    });
  });

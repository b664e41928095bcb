import { connect, createServer, type Socket } from 'node:net';

/**
 * A way to the controller that every broker takes, and that can be cut for one of them: as where the network between two
 * machines is gone, nothing is answered and nothing is refused.
 */
export type ControllerLinks = {
  /** From now on nothing of this broker's reaches the controller, nor back. */
  cut(brokerId: number): void;
  /** What hung is ended, so that the broker connects anew. */
  mend(brokerId: number): void;
  close(): Promise<void>;
};

type Link = { readonly brokerId: number; readonly end: () => void };

/** Length, API key, API version and correlation id stand before the client id, whose own length has two bytes. */
const clientIdOffset = 14;
/** A client id of a broker's is far shorter; whatever else connects is let through. */
const longestClientId = 200;

/**
 * Whose connection it is: the first request names its client, the broker's id for heartbeats and registrations, and
 * `raft-client-<id>` for the metadata log (BrokerToControllerChannelManager and KafkaRaftManager of Apache Kafka).
 * Undefined while too few bytes are there, and −1 for anybody else.
 */
export const brokerOf = (bytes: Buffer): number | undefined => {
  if (bytes.length < clientIdOffset) return undefined;
  const size = bytes.readInt16BE(clientIdOffset - 2);
  if (size < 0 || size > longestClientId) return -1;
  if (bytes.length < clientIdOffset + size) return undefined;
  const clientId = bytes.toString('utf8', clientIdOffset, clientIdOffset + size);
  const id = /^(?:raft-client-)?(\d+)$/.exec(clientId)?.[1];
  return id === undefined ? -1 : Number(id);
};

/** Listens on `port` and hands every connection on to the controller at `controllerPort`, both on 127.0.0.1. */
export const openControllerLinks = async (port: number, controllerPort: number): Promise<ControllerLinks> => {
  const links = new Set<Link>();
  const cutIds = new Set<number>();
  const sockets = new Set<Socket>();

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // Its end is told by `close`.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };

  const join = (near: Socket, first: Buffer, brokerId: number): void => {
    const far = keep(connect({ port: controllerPort, host: '127.0.0.1' }));
    const end = (): void => {
      near.destroy();
      far.destroy();
      links.delete(link);
    };
    const link: Link = { brokerId, end };
    links.add(link);
    const pass = (to: Socket) => (bytes: Buffer) => {
      if (!cutIds.has(brokerId)) to.write(bytes);
    };
    pass(far)(first);
    near.on('data', pass(far));
    far.on('data', pass(near));
    for (const socket of [near, far]) {
      // Where the link is cut, not even an end gets through.
      socket.on('close', () => {
        if (!cutIds.has(brokerId)) end();
      });
    }
  };

  const server = createServer((near) => {
    keep(near);
    let first = Buffer.alloc(0);
    const read = (bytes: Buffer): void => {
      first = Buffer.concat([first, bytes]);
      const brokerId = brokerOf(first);
      if (brokerId === undefined) return;
      near.off('data', read);
      join(near, first, brokerId);
    };
    near.on('data', read);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  });

  return {
    cut: (brokerId) => void cutIds.add(brokerId),
    mend: (brokerId) => {
      cutIds.delete(brokerId);
      for (const link of [...links].filter((each) => each.brokerId === brokerId)) link.end();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const keepAliveMs = 60_000;

/** Sockets as kafkajs makes them, which can be cut all at once: what waits for an answer then fails. */
export type CuttableSockets = { readonly factory: ISocketFactory; cut(): void };

export const openCuttableSockets = (): CuttableSockets => {
  const open = new Set<Socket>();
  return {
    factory: ({ host, port, ssl, onConnect }) => {
      // kafkajs calls it undefined where there is no TLS, whatever its type says.
      const isTls = ssl !== undefined && ssl !== null;
      const name = isIP(host) === 0 ? { servername: host } : {};
      const socket = isTls
        ? connectTls({ host, port, ...name, ...ssl }, onConnect)
        : connectPlain({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveMs);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    cut: () => {
      // With an error: kafkajs listens to no `close`, and would wait for its answers until they time out.
      for (const socket of open) socket.destroy(new Error('the consumer is being torn down'));
    },
  };
};

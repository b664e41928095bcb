import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { receiveBody } from '../aws/request-body.ts';
import type { Authority } from './certificates/authority.ts';
import type { Reply } from './exchange.ts';
import type { OutsideRequest } from './host.ts';

/** A proxy that is itself the other end of each connection that it is asked for. */
export type OutsideProxy = {
  readonly port: number;
  /** Refuses new connections and cuts the others. */
  close(): Promise<void>;
};

export type ProxyOptions = {
  readonly authority: Authority;
  readonly nowMs: () => number;
  /** The status that a CONNECT gets: 200 is a connection, anything else none. */
  readonly admit: (host: string, port: string, caller: string | undefined) => number;
  readonly reply: (request: OutsideRequest, caller: string | undefined) => Promise<Reply>;
};

/** Who connected, and where to. */
type Connection = { readonly host: string; readonly caller: string | undefined };

/**
 * Serves CONNECT on a free loopback port. Behind it TLS ends here, with a certificate for the name that was asked for, so
 * that a client which checks chains and names finds both in order.
 */
export async function startProxy({ authority, nowMs, admit, reply }: ProxyOptions): Promise<OutsideProxy> {
  const sockets = new Set<Duplex>();
  const connections = new WeakMap<object, Connection>();
  const hosts = createServer((message, response) => {
    const connection = connections.get(message.socket);
    if (connection === undefined) return void message.socket.destroy();
    if (hostIn(message) !== connection.host) return void response.writeHead(421).end('misdirected request');
    readRequest(message, connection.host, nowMs)
      .then((request) => reply(request, connection.caller))
      .then((answer) => {
        if (answer === 'hang') return; // the socket lives until the client or close() ends it
        if (answer === 'hang-up') return void message.socket.destroy();
        response.writeHead(answer.status, { date: new Date(nowMs()).toUTCString(), ...answer.headers });
        response.end(answer.body);
      })
      .catch((error: unknown) => fail(response, error));
  });
  const proxy = createServer((_message, response) => void response.writeHead(405).end('this proxy connects, no more'));
  proxy.on('connect', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    const [host = '', port = ''] = (message.url ?? '').toLowerCase().split(':');
    const caller = callerOf(message);
    const status = admit(host, port, caller);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} refused\r\nconnection: close\r\n\r\n`);
    socket.write('HTTP/1.1 200 connected\r\n\r\n');
    socket.unshift(head);
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ ...authority.issue(host), minVersion: 'TLSv1.2' }),
    });
    // A client that does not trust the certificate hangs up, and tells why where it runs.
    secured.on('error', () => socket.destroy());
    connections.set(secured, { host, caller });
    hosts.emit('connection', secured);
  });
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return {
    // A TCP server's address is never a pipe's name.
    port: (proxy.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        proxy.close((error) => (error ? reject(error) : resolve()));
        proxy.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The user of the proxy's address: whoever started the process wrote its name there. */
function callerOf({ headers }: IncomingMessage): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(headers['proxy-authorization'] ?? '') ?? [];
  const [user] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  return user === '' ? undefined : user;
}

const hostIn = ({ headers }: IncomingMessage): string => (headers.host ?? '').toLowerCase().replace(/:443$/, '');

async function readRequest(message: IncomingMessage, host: string, nowMs: () => number): Promise<OutsideRequest> {
  const [path = '/', query = ''] = (message.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  const body = await receiveBody(message);
  return {
    method: message.method ?? 'GET',
    host,
    path,
    query: new URLSearchParams(query),
    headers,
    body,
    atMs: nowMs(),
  };
}

/** A mistake of the stand-in itself must be seen, not taken for a host's own 500. */
function fail(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain', 'x-mskeeper-local': 'broken' });
  response.end(`the world outside broke: ${error instanceof Error ? error.stack : String(error)}`);
}

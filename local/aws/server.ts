import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCall } from './answer.ts';
import { receiveBody } from './request-body.ts';
import type { WireRequest } from './wire/message.ts';
import type { AwsWorld } from './world.ts';

/** The stand-in's one port. `url` goes into `AWS_ENDPOINT_URL`. */
export type AwsServer = {
  readonly url: string;
  /** Refuses new requests and cuts those that hang. */
  close(): Promise<void>;
};

/**
 * Serves every service of the world on a free loopback port (or on `port`); the signature's scope names the service.
 *
 * @param nowMs the time that answers carry, by which clients know how wrong their own clock is; absent: the machine's
 */
export async function startAwsServer(world: AwsWorld, port = 0, nowMs?: () => number): Promise<AwsServer> {
  const answer = answerCall(world);
  const server = createServer((message, response) => {
    const requestId = randomUUID();
    receive(message)
      .then((request) => answer(request, requestId))
      .then((reply) => {
        if (reply === 'hang') return; // answered by nobody; the socket lives until the client or close() ends it
        if (reply === 'hang-up') {
          message.socket.destroy();
          return;
        }
        if (nowMs !== undefined) response.setHeader('date', new Date(nowMs()).toUTCString());
        response.writeHead(reply.status, reply.headers);
        response.end(reply.body);
      })
      .catch((error: unknown) => fail(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A TCP server's address is never a pipe's name.
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function receive(message: IncomingMessage): Promise<WireRequest> {
  const [path = '/', query = ''] = (message.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: await receiveBody(message),
  };
}

/** A mistake of the stand-in itself must be seen, not taken for AWS's own 500. */
function fail(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain', 'x-mskeeper-local': 'broken' });
  response.end(`the AWS stand-in broke: ${error instanceof Error ? error.stack : String(error)}`);
}

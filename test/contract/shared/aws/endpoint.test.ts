import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { fetchEndpoint } from '../../../../shared/aws/endpoint.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const portOf = (server: Pick<Server, 'address'>): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  return address.port;
};

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${portOf(server)}`;
}

const calls = () => openCallScope(new AbortController().signal);
const ask = (url: string, timeoutMs = 60_000) => fetchEndpoint(calls(), { name: 'registry', url }, timeoutMs);

test.each([200, 204, 404, 503])('status %d is told, with the time that it took', async (status) => {
  const url = await serve((_request, response) => response.writeHead(status).end());
  expect(await ask(url)).toMatchObject({ status, answerMs: expect.any(Number) });
});

test('it is asked with GET, without credentials, and counted', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization]);
    response.end('a body that nobody reads');
  });
  const scope = calls();
  await fetchEndpoint(scope, { name: 'registry', url: `${url}/subjects` }, 60_000);
  expect(seen).toEqual([['GET', '/subjects', undefined]]);
  expect(scope.requestCountByCall()).toEqual({ 'GET endpoint registry': 1 });
});

test('a redirect within its own origin is followed', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/health') response.writeHead(200).end();
    else response.writeHead(302, { location: '/health' }).end();
  });
  const answer = await ask(url);
  expect(answer).toMatchObject({ status: 200 });
  expect(answer).not.toHaveProperty('redirectHost');
});

test('a redirect to another host, or another port, is told and not followed', async () => {
  let asked = 0;
  const other = await serve((_request, response) => {
    asked += 1;
    response.end();
  });
  const url = await serve((_request, response) => response.writeHead(307, { location: other }).end());
  expect(await ask(url)).toMatchObject({ status: 307, redirectHost: other.slice('http://'.length) });
  expect(asked).toBe(0);
});

test('redirects without end are a bad answer', async () => {
  const url = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end());
  await expect(ask(url)).rejects.toMatchObject({ call: 'GET endpoint registry', failure: 'bad-answer' });
});

test('a redirect to nowhere is a bad answer', async () => {
  const url = await serve((_request, response) => response.writeHead(302, { location: 'http://[' }).end());
  await expect(ask(url)).rejects.toMatchObject({ failure: 'bad-answer' });
});

test('an endpoint that hangs is timed out', async () => {
  const url = await serve(() => {});
  await expect(ask(url, 50)).rejects.toMatchObject({ failure: 'timed-out' });
});

test('an endpoint whose body hangs has answered', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200);
    response.write('a start without an end');
  });
  expect(await ask(url)).toMatchObject({ status: 200 });
});

test('a port where nobody listens is unreachable, and the address is in no message', async () => {
  const error = await ask('http://127.0.0.1:1/?api_key=1234').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'DependencyError', failure: 'unreachable' });
  expect(String(error)).not.toContain('1234');
});

test('an endpoint that speaks no HTTP is a bad answer', async () => {
  const server = createTcpServer((socket) => socket.end('220 mail\r\n\r\n'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await expect(ask(`http://127.0.0.1:${portOf(server)}`)).rejects.toMatchObject({ failure: 'bad-answer' });
});

test('TLS against a server without it is named', async () => {
  const url = await serve((_request, response) => response.end());
  await expect(ask(url.replace('http:', 'https:'))).rejects.toMatchObject({ failure: 'tls-failed' });
});

test('the end of the run ends the question', async () => {
  const controller = new AbortController();
  const url = await serve(() => controller.abort());
  const asked = fetchEndpoint(openCallScope(controller.signal), { name: 'registry', url }, 60_000);
  await expect(asked).rejects.toMatchObject({ failure: 'timed-out' });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { sendHeartbeat } from '../../../../../shared/telling/sending/heartbeat.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const calls = () => openCallScope(new AbortController().signal);
const beat = (scope = calls()) => sendHeartbeat(scope, { url: `${server.url}/ping/s3cret-address` });

test('the outside watcher is asked with GET, and counted', async () => {
  server.answerWith(() => ({ status: 200, body: 'OK' }));
  const scope = calls();
  expect(await beat(scope)).toEqual({ result: 'delivered' });
  expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/ping/s3cret-address', body: '' });
  expect(scope.requestCountByCall()).toEqual({ 'heartbeat:get': 1 });
});

test.each([
  [{ status: 404 }, 'refused', /parameter/],
  [{ status: 410 }, 'refused', /parameter/],
  [{ status: 302, headers: { location: 'https://watcher.example/login' } }, 'refused', /redirect/],
  [{ status: 429, headers: { 'retry-after': '60' } }, 'failed', /429/],
  [{ status: 500 }, 'failed', /500/],
  ['cut' as const, 'unknown', /no whole answer/],
])('%j is %s, and no error holds the address', async (answer, result, why) => {
  server.answerWith(() => answer);
  expect(await beat()).toMatchObject({ result, why: expect.stringMatching(why) });
  expect(await beat()).toMatchObject({ why: expect.not.stringContaining('s3cret') });
});

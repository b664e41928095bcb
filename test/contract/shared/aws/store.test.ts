import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createStoreClient, readJson, type Store, writeJson, writeOnce } from '../../../../shared/aws/store.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { decimalBigint } from '../../../../shared/text/json.ts';
import {
  type AnsweringServer,
  type PreparedAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const openStore = (): Store => ({
  client: createStoreClient(),
  calls: openCallScope(new AbortController().signal),
  bucket: 'mskeeper-orders-111122223333',
  prefixes: ['state/cluster-health/', 'reports/cluster-health/'],
});
const key = 'state/cluster-health/orders.json';
const schema = z.object({ offset: decimalBigint });
const written: PreparedAnswer = { status: 200, headers: { etag: '"v2"' }, body: '' };
const s3Error = (status: number, code: string): PreparedAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
});

describe('writing', () => {
  test.each([
    ['absent', { 'if-none-match': '*' }],
    [{ etag: '"v1"' }, { 'if-match': '"v1"' }],
  ] as const)('under the condition %j sends its header', async (condition, headers) => {
    server.answerWith(() => written);
    expect(await writeJson(openStore(), key, { offset: 2n ** 60n }, condition)).toEqual({ etag: '"v2"' });
    const [request] = server.requests;
    expect(request?.method).toBe('PUT');
    expect(request?.path).toContain('/mskeeper-orders-111122223333/state/cluster-health/orders.json');
    expect(request?.body).toContain('{"offset":"1152921504606846976"}');
    for (const name of ['if-none-match', 'if-match'] as const) {
      expect(request?.headers[name]).toBe(({ ...headers } as Record<string, string>)[name]);
    }
  });

  test.each([
    [412, 'PreconditionFailed', 'conflict'],
    [409, 'ConditionalRequestConflict', 'conflict'],
    [403, 'AccessDenied', 'denied'],
    [404, 'NoSuchBucket', 'not-found'],
  ])('that ends in %i %s is %s', async (status, code, failure) => {
    server.answerWith(() => s3Error(status, code));
    await expect(writeJson(openStore(), key, {}, 'absent')).rejects.toMatchObject({ call: 's3:PutObject', failure });
  });

  describe('again, since the answer was lost', () => {
    /** S3 wrote at the first request and did not say so; at the second it says that something lies there. */
    const answerLost = (there: PreparedAnswer) =>
      server.answerWith(({ method }, index) => {
        if (method === 'GET') return there;
        return index === 0 ? { status: 503, body: '' } : s3Error(412, 'PreconditionFailed');
      });

    test.each([['absent'], [{ etag: '"v1"' }]] as const)(
      'finds its own document and has written (%j)',
      async (condition) => {
        answerLost({ status: 200, headers: { etag: '"v2"' }, body: '{"run":1}' });
        expect(await writeJson(openStore(), key, { run: 1 }, condition)).toEqual({ etag: '"v2"' });
      },
    );

    test.each([
      ['another’s', { status: 200, headers: { etag: '"v9"' }, body: '{"run":2}' }],
      ['none, by now', s3Error(404, 'NoSuchKey')],
      ['what it may not read', s3Error(403, 'AccessDenied')],
    ] as const)('finds %s: somebody was faster', async (_what, there) => {
      answerLost(there);
      await expect(writeJson(openStore(), key, { run: 1 }, 'absent')).rejects.toMatchObject({ failure: 'conflict' });
    });

    test('but a first try that is refused wrote nothing, whatever lies there', async () => {
      server.answerWith(({ method }) =>
        method === 'GET'
          ? { status: 200, headers: { etag: '"v2"' }, body: '{"run":1}' }
          : s3Error(412, 'PreconditionFailed'),
      );
      await expect(writeJson(openStore(), key, { run: 1 }, 'absent')).rejects.toMatchObject({ failure: 'conflict' });
      expect(server.requests.map(({ method }) => method)).toEqual(['PUT']);
    });
  });

  test('once is done where something lies there, and says so where nobody knows', async () => {
    const once = () => writeOnce(openStore(), 'reports/cluster-health/orders/r.json', { run: 1 });
    server.answerWith(() => written);
    await once();
    expect(server.requests[0]?.headers['if-none-match']).toBe('*');
    server.answerWith(() => s3Error(412, 'PreconditionFailed'));
    await once();
    server.answerWith(() => s3Error(409, 'ConditionalRequestConflict'));
    await expect(once()).rejects.toMatchObject({ failure: 'conflict' });
    server.answerWith(() => s3Error(403, 'AccessDenied'));
    await expect(once()).rejects.toMatchObject({ failure: 'denied' });
  });

  test('a large document is kept compressed', async () => {
    server.answerWith(() => written);
    await writeJson(
      openStore(),
      key,
      { names: Array.from({ length: 20_000 }, (_item, index) => `topic-${index}`) },
      'absent',
    );
    expect(server.requests[0]?.headers['content-encoding']).toContain('gzip');
    expect(Number(server.requests[0]?.headers['content-length'])).toBeLessThan(100_000);
  });

  test('outside of the prefixes is refused before anything is sent', async () => {
    server.answerWith(() => written);
    await expect(writeJson(openStore(), 'state/failover/orders.json', {}, 'absent')).rejects.toMatchObject({
      name: 'ConfigError',
    });
    await expect(readJson(openStore(), 'state/cluster-health/../failover/x', schema)).rejects.toMatchObject({
      name: 'ConfigError',
    });
    expect(server.requests).toHaveLength(0);
  });
});

describe('reading', () => {
  test('gives the value with bigints and the version', async () => {
    server.answerWith(() => ({ status: 200, headers: { etag: '"v1"' }, body: '{"offset":"1152921504606846976"}' }));
    expect(await readJson(openStore(), key, schema)).toEqual({ value: { offset: 2n ** 60n }, etag: '"v1"' });
  });

  test('unpacks what was kept compressed', async () => {
    server.answerWith(() => ({
      status: 200,
      headers: { etag: '"v1"', 'content-encoding': 'gzip' },
      body: gzipSync('{"offset":"7"}'),
    }));
    expect(await readJson(openStore(), key, schema)).toEqual({ value: { offset: 7n }, etag: '"v1"' });
  });

  test('of what is not there is nothing', async () => {
    server.answerWith(() => s3Error(404, 'NoSuchKey'));
    expect(await readJson(openStore(), key, schema)).toBeUndefined();
  });

  test.each([
    ['a bucket that is not there', s3Error(404, 'NoSuchBucket'), 'not-found'],
    ['a denial', s3Error(403, 'AccessDenied'), 'denied'],
    ['half a document', { status: 200, headers: { etag: '"v1"' }, body: '{"offset":' }, 'bad-answer'],
    ['another shape', { status: 200, headers: { etag: '"v1"' }, body: '{"offset":7}' }, 'bad-answer'],
    ['no gzip', { status: 200, headers: { etag: '"v1"', 'content-encoding': 'gzip' }, body: 'plain' }, 'bad-answer'],
    [
      'a bomb',
      {
        status: 200,
        headers: { etag: '"v1"', 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(70 * 1024 * 1024, ' ')),
      },
      'bad-answer',
    ],
  ] as const)('of %s fails as such', async (_what, answer, failure) => {
    server.answerWith(() => answer);
    await expect(readJson(openStore(), key, schema)).rejects.toMatchObject({ call: 's3:GetObject', failure });
  });
});

import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { Store } from '../../../shared/aws/store.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';

/** A bucket in memory behind an unmodified client: objects by key, conditional writes, and nothing else. */
export function openBucket(prefixes: readonly string[]) {
  const objects = new Map<string, string>();
  const etagOf = (text: string) => `"${Buffer.from(text).toString('base64').slice(-32)}"`;
  const answer = (statusCode: number, body = '', headers: Record<string, string> = {}) => ({
    response: new HttpResponse({ statusCode, headers, body: Readable.from([Buffer.from(body)]) }),
  });
  const refuse = (statusCode: number, code: string) =>
    answer(statusCode, `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`, {
      'content-type': 'application/xml',
    });
  const requestHandler = {
    async handle(sent: unknown) {
      if (!HttpRequest.isInstance(sent)) throw new TypeError('not a request');
      const key = decodeURIComponent(sent.path.replace(/^\/bucket\//, ''));
      const there = objects.get(key);
      if (sent.method === 'GET') {
        return there === undefined ? refuse(404, 'NoSuchKey') : answer(200, there, { etag: etagOf(there) });
      }
      const isMet =
        (sent.headers['if-none-match'] === undefined || there === undefined) &&
        (sent.headers['if-match'] === undefined || (there !== undefined && sent.headers['if-match'] === etagOf(there)));
      if (!isMet) return refuse(412, 'PreconditionFailed');
      const text = Buffer.from(sent.body).toString('utf8');
      objects.set(key, text);
      return answer(200, '', { etag: etagOf(text) });
    },
  };
  const client = new S3Client({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    requestHandler,
  });
  const store: Store = { client, calls: openCallScope(new AbortController().signal), bucket: 'bucket', prefixes };
  return { store, objects };
}

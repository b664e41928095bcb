import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { Store } from '../../../shared/aws/store.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';

/** A bucket in memory behind an unmodified client: objects by key, conditional writes, and nothing else. */
export function openBucket(prefixes: readonly string[]) {
  const objects = new Map<string, string>();
  /** What was written as it was written: a compressed document is no text. */
  const written = new Map<string, { readonly bytes: Buffer; readonly encoding: string | undefined }>();
  /** What S3 says to a write of a key instead of doing it. */
  let refusalOf: (key: string) => readonly [status: number, code: string] | undefined = () => undefined;
  const etagOf = (text: string) => `"${Buffer.from(text).toString('base64').slice(-32)}"`;
  const answer = (statusCode: number, body: string | Buffer = '', headers: Record<string, string> = {}) => ({
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
        if (there === undefined) return refuse(404, 'NoSuchKey');
        const raw = written.get(key);
        if (raw === undefined || raw.bytes.toString('utf8') !== there)
          return answer(200, there, { etag: etagOf(there) });
        const encoding = raw.encoding === undefined ? {} : { 'content-encoding': raw.encoding };
        return answer(200, raw.bytes, { etag: etagOf(there), ...encoding });
      }
      const refusal = refusalOf(key);
      if (refusal !== undefined) return refuse(...refusal);
      const isMet =
        (sent.headers['if-none-match'] === undefined || there === undefined) &&
        (sent.headers['if-match'] === undefined || (there !== undefined && sent.headers['if-match'] === etagOf(there)));
      if (!isMet) return refuse(412, 'PreconditionFailed');
      const text = Buffer.from(sent.body).toString('utf8');
      objects.set(key, text);
      const encoding = sent.headers['content-encoding'];
      written.set(key, { bytes: Buffer.from(sent.body), encoding: encoding?.includes('gzip') ? 'gzip' : undefined });
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
  const refuseWrites = (refuseKey: typeof refusalOf): void => {
    refusalOf = refuseKey;
  };
  return { store, objects, refuseWrites };
}

import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { AwsError } from './service.ts';

/** The whole body as it was sent. */
export async function receiveBody(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type Headers = Readonly<Record<string, string>>;
type Decoded = { readonly body: Uint8Array; readonly trailers: Headers };

/**
 * Undoes the encodings that SDK clients put on a body: gzip (PutMetricData) and S3's `aws-chunked`, behind which headers may
 * follow. To S3 gzip is the object's own encoding: it is kept as it is, and the checksum is of the packed bytes.
 */
export function decodeBody(body: Uint8Array, headers: Headers, service: string): Decoded {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const unchunked = encodings.includes('aws-chunked') ? dechunk(Buffer.from(body)) : { body, trailers: {} };
  if (service === 's3' || !encodings.includes('gzip')) return unchunked;
  try {
    return { ...unchunked, body: gunzipSync(unchunked.body) };
  } catch (cause) {
    throw new AwsError('SerializationException', 400, `The body is not gzip: ${String(cause)}`);
  }
}

/** `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n` … `0\r\n<trailers>`. Source: S3 API, "Signature calculations: chunked uploads". */
function dechunk(body: Buffer): Decoded {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new AwsError('IncompleteBody', 400, 'The aws-chunked body is cut off.');
    if (size === 0) return { body: Buffer.concat(parts), trailers: trailersOf(body.toString('latin1', lineEnd + 2)) };
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** Lines of `name:value` behind the last chunk: `x-amz-checksum-crc32:…`. */
const trailersOf = (text: string): Headers =>
  Object.fromEntries(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );

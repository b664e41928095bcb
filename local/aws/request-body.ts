import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { AwsError } from './service.ts';

/** The whole body as it was sent. */
export async function receiveBody(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Undoes the encodings that SDK clients put on a body: gzip (PutMetricData) and S3's `aws-chunked`. To S3 gzip is the
 * object's own encoding: it is kept as it is, and the checksum is of the packed bytes.
 */
export function decodeBody(body: Uint8Array, headers: Readonly<Record<string, string>>, service: string): Uint8Array {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const unchunked = encodings.includes('aws-chunked') ? dechunk(Buffer.from(body)) : body;
  if (service === 's3' || !encodings.includes('gzip')) return unchunked;
  try {
    return gunzipSync(unchunked);
  } catch (cause) {
    throw new AwsError('SerializationException', 400, `The body is not gzip: ${String(cause)}`);
  }
}

/** `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n` … `0\r\n<trailers>`. Source: S3 API, "Signature calculations: chunked uploads". */
function dechunk(body: Buffer): Uint8Array {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new AwsError('IncompleteBody', 400, 'The aws-chunked body is cut off.');
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

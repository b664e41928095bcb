import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Identities, type KnownKey, unknownKey } from './iam/identities.ts';
import { AwsError } from './service.ts';
import type { WireRequest } from './wire/message.ts';

/** The parts of an `Authorization: AWS4-HMAC-SHA256 …` header. */
export type Signature = {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

/**
 * Reads the signature's header.
 * @throws AwsError MissingAuthenticationTokenException for an unsigned request, IncompleteSignatureException for half a one.
 */
export function readSignature(request: WireRequest): Signature {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new AwsError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
  }
  const part = (name: string): string => new RegExp(`${name}=([^, ]+)`).exec(header)?.[1] ?? '';
  const [accessKeyId = '', date = '', region = '', service = '', terminator] = part('Credential').split('/');
  if (!header.startsWith('AWS4-HMAC-SHA256 ') || terminator !== 'aws4_request' || service === '') {
    throw new AwsError('IncompleteSignatureException', 403, 'The Authorization header is not a Signature Version 4.');
  }
  const signedHeaders = part('SignedHeaders').split(';');
  return { accessKeyId, date, region, service, signedHeaders, signature: part('Signature') };
}

/**
 * Whose request it is: the key must have been handed out, its session token must come with it, and the signature must be
 * made with its secret over this very request. All keys of the stand-in are those of sessions.
 * Source: IAM User Guide, "Create a signed AWS API request" and "Using temporary credentials"; S3 API Reference, "List of error
 * codes" (InvalidToken).
 */
export function verifySignature(request: WireRequest, signed: Signature, identities: Identities): KnownKey {
  const key = identities.keyOf(signed.accessKeyId);
  const token = request.headers['x-amz-security-token'];
  if (token !== key.credentials.sessionToken) {
    // Without one AWS does not know the key of a session at all.
    if (token === undefined || signed.service !== 's3') throw unknownKey();
    throw new AwsError('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.');
  }
  const expected = Buffer.from(sign(request, signed, key.credentials.secretAccessKey));
  const actual = Buffer.from(signed.signature);
  if (expected.length === actual.length && timingSafeEqual(expected, actual)) return key;
  throw new AwsError(
    'InvalidSignatureException',
    403,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  );
}

/** `x-amz-date`, 20260114T120000Z, in milliseconds. */
export const signingTimeOf = ({ headers }: WireRequest): number =>
  Date.parse((headers['x-amz-date'] ?? '').replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));

function sign(request: WireRequest, signed: Signature, secretAccessKey: string): string {
  // S3 lets a client sign without its body; everybody else hashes what came, whatever a header says of it.
  const said = signed.service === 's3' ? request.headers['x-amz-content-sha256'] : undefined;
  const payloadHash = said ?? sha256(request.body);
  const headers = signed.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`,
  );
  const canonical = [
    request.method,
    // S3 signs the path as it is sent; every other service signs it encoded once more.
    signed.service === 's3' ? request.path : request.path.split('/').map(encode).join('/'),
    canonicalQuery(request.query),
    headers.join(''),
    signed.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const scope = `${signed.date}/${signed.region}/${signed.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'] ?? '', scope, sha256(canonical)].join('\n');
  const key = [signed.date, signed.region, signed.service, 'aws4_request'].reduce<string | Buffer>(
    (secret, text) => createHmac('sha256', secret).update(text).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../../service.ts';
import { crc32c, crc64nvme } from './crc.ts';

/**
 * Compares the checksums that the client sent, in headers or behind a chunked body (CRC-32 is the SDK's default), with the body.
 * @throws AwsError BadDigest for a body that changed on its way.
 */
export function checkChecksums(input: PutObjectCommandInput, body: Uint8Array): void {
  const sent = [
    [input.ChecksumCRC32, () => base64Of(crc32(body), 4)],
    [input.ChecksumCRC32C, () => base64Of(crc32c(body), 4)],
    [input.ChecksumCRC64NVME, () => base64Of(crc64nvme(body), 8)],
    [input.ChecksumSHA1, () => createHash('sha1').update(body).digest('base64')],
    [input.ChecksumSHA256, () => createHash('sha256').update(body).digest('base64')],
    [input.ContentMD5, () => createHash('md5').update(body).digest('base64')],
  ] as const;
  for (const [checksum, compute] of sent) {
    if (checksum === undefined || checksum === compute()) continue;
    throw new AwsError('BadDigest', 400, 'The checksum you specified did not match the calculated checksum.');
  }
}

/** @throws AwsError InvalidRequest for a write with a lock that says no checksum of its body */
export function requireChecksum(input: PutObjectCommandInput): void {
  const { ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256, ContentMD5 } = input;
  const sent = [ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256, ContentMD5];
  if (sent.some((checksum) => checksum !== undefined)) return;
  const message =
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
  throw new AwsError('InvalidRequest', 400, message);
}

/** The number's bytes, the highest first. */
const base64Of = (value: number | bigint, byteCount: number): string =>
  Buffer.from(value.toString(16).padStart(2 * byteCount, '0'), 'hex').toString('base64');

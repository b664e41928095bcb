import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../../service.ts';

/**
 * Compares the checksums that the client sent in headers (CRC-32 is the SDK's default) with the body.
 * @throws AwsError BadDigest for a body that changed on its way.
 */
export function checkChecksums(input: PutObjectCommandInput, body: Uint8Array): void {
  const sent = [
    [input.ChecksumCRC32, () => crc32Base64(body)],
    [input.ChecksumSHA256, () => createHash('sha256').update(body).digest('base64')],
    [input.ContentMD5, () => createHash('md5').update(body).digest('base64')],
  ] as const;
  for (const [checksum, compute] of sent) {
    if (checksum === undefined || checksum === compute()) continue;
    throw new AwsError('BadDigest', 400, 'The checksum you specified did not match the calculated checksum.');
  }
}

function crc32Base64(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

import { expect, test } from 'vitest';
import { crc32c, crc64nvme } from '../../../../../../local/aws/services/s3/crc.ts';

test('the checksums are those of the catalogues of CRCs, for "123456789"', () => {
  const check = Buffer.from('123456789');
  expect(crc32c(check).toString(16)).toBe('e3069283');
  expect(crc64nvme(check).toString(16)).toBe('ae8b14860a799888');
  expect([crc32c(new Uint8Array()), crc64nvme(new Uint8Array())]).toEqual([0, 0n]);
});

/**
 * CRC-32C and CRC-64/NVME, which Node does not have: reflected, begun and ended with all bits set.
 * Source: RFC 3720 (Castagnoli), NVM Express specification, "64b CRC"; S3 User Guide, "Checking object integrity".
 */
const castagnoli = 0x82f63b78;
const nvme = 0x9a6c9329ac4bc9b5n;
const all64 = 0xffff_ffff_ffff_ffffn;

const bits = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const bytes = [...Array(256).keys()];

const table32 = bytes.map((byte) => bits.reduce((crc) => (crc & 1 ? (crc >>> 1) ^ castagnoli : crc >>> 1), byte) >>> 0);
const table64 = bytes.map((byte) => bits.reduce((crc) => (crc & 1n ? (crc >> 1n) ^ nvme : crc >> 1n), BigInt(byte)));

export function crc32c(body: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of body) crc = (crc >>> 8) ^ (table32[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffff_ffff) >>> 0;
}

export function crc64nvme(body: Uint8Array): bigint {
  let crc = all64;
  for (const byte of body) crc = (crc >> 8n) ^ (table64[Number(crc & 0xffn) ^ byte] ?? 0n);
  return crc ^ all64;
}

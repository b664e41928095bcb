/**
 * The little of ASN.1's DER that a certificate is made of: tag, length, content.
 * Source: ITU-T X.690; tags and their use in certificates: RFC 5280.
 */
const encode = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
};

/** Up to 127 in one byte; beyond, a byte that says how many follow. */
const lengthOf = (bytes: number): readonly number[] => {
  if (bytes < 128) return [bytes];
  const hex = bytes.toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return [0x80 | digits.length, ...digits];
};

export const sequence = (...content: readonly Uint8Array[]): Buffer => encode(0x30, ...content);
export const set = (...content: readonly Uint8Array[]): Buffer => encode(0x31, ...content);
export const octets = (content: Uint8Array): Buffer => encode(0x04, content);
export const text = (content: string): Buffer => encode(0x0c, Buffer.from(content));
export const yes: Buffer = encode(0x01, Buffer.from([0xff]));

/** A whole number above zero, most significant byte first. A leading zero keeps it from being read as a negative one. */
export const integer = (bytes: Uint8Array): Buffer =>
  encode(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));

/** @param unusedCount bits of the last byte that say nothing */
export const bits = (content: Uint8Array, unusedCount = 0): Buffer => encode(0x03, Buffer.from([unusedCount]), content);

/** `2.5.29.17`: the first two numbers share a byte, each later one takes seven bits a byte. */
export const identifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(sevenBitsEach)]));
};

const sevenBitsEach = (value: number): readonly number[] => {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
};

/** Two digits of the year until 2049, four from then on: RFC 5280, section 4.1.2.5. */
export const time = (atMs: number): Buffer => {
  const digits = new Date(atMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  return digits < '2050' ? encode(0x17, Buffer.from(digits.slice(2))) : encode(0x18, Buffer.from(digits));
};

/** A tag that its place gives a meaning. `primitive` holds bytes, `constructed` whole values. */
export const primitive = (tag: number, content: Uint8Array): Buffer => encode(0x80 | tag, content);
export const constructed = (tag: number, ...content: readonly Uint8Array[]): Buffer => encode(0xa0 | tag, ...content);

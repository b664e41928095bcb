/** The bytes do not follow the protocol: cut short, an absurd length, or left over after the last field. */
export class MalformedBytesError extends Error {
  override readonly name = 'MalformedBytesError';
}

const malformed = (message: string, offset: number) => new MalformedBytesError(`${message} at byte ${offset}`);

/**
 * Reads Kafka's primitive types, big-endian, bounds checked. kafkajs's own decoder is not used: it reads strings and
 * lengths past the end of a buffer without a word.
 *
 * `isFlexible` chooses compact strings and arrays and tagged fields (KIP-482), so that one codec serves both encodings.
 * Every method throws MalformedBytesError where the bytes do not hold what is asked for.
 */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #isFlexible: boolean;
  #offset = 0;

  constructor(bytes: Buffer, isFlexible: boolean) {
    this.#bytes = bytes;
    this.#isFlexible = isFlexible;
  }

  #take(size: number): number {
    const start = this.#offset;
    if (size < 0 || size > this.#bytes.length - start) {
      throw malformed(`${size} bytes wanted, ${this.#bytes.length - start} left`, start);
    }
    this.#offset = start + size;
    return start;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  boolean(): boolean {
    const start = this.#offset;
    const value = this.int8();
    if (value !== 0 && value !== 1) throw malformed(`boolean is ${value}`, start);
    return value === 1;
  }

  /** At most five bytes and 2^31 − 1, which is all that lengths and tags use. */
  unsignedVarint(): number {
    const start = this.#offset;
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0x7fffffff) throw malformed(`length ${value}`, start);
        return value;
      }
    }
    throw malformed('a varint longer than five bytes', start);
  }

  /** Four groups of hex digits and dashes, as Java prints a UUID. */
  uuid(): string {
    const start = this.#take(16);
    const hex = this.#bytes.toString('hex', start, start + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  nullableString(): string | undefined {
    const size = this.#isFlexible ? this.unsignedVarint() - 1 : this.int16();
    if (size === -1) return undefined;
    const start = this.#take(size);
    return this.#bytes.toString('utf8', start, start + size);
  }

  string(): string {
    const start = this.#offset;
    const value = this.nullableString();
    if (value === undefined) throw malformed('null instead of a string', start);
    return value;
  }

  /** A view into the answer, not a copy. */
  bytes(): Buffer {
    const size = this.#isFlexible ? this.unsignedVarint() - 1 : this.int32();
    const start = this.#take(size);
    return this.#bytes.subarray(start, start + size);
  }

  /** No item is smaller than a byte, so a count above the bytes left is refused before anything is allocated. */
  array<Item>(readItem: (reader: WireReader) => Item): Item[] {
    const start = this.#offset;
    const count = this.#isFlexible ? this.unsignedVarint() - 1 : this.int32();
    if (count < 0 || count > this.#bytes.length - this.#offset) throw malformed(`an array of ${count} items`, start);
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) items.push(readItem(this));
    return items;
  }

  /** Skips tagged fields; nothing where the version has none. */
  tags(): void {
    if (!this.#isFlexible) return;
    const count = this.unsignedVarint();
    for (let index = 0; index < count; index += 1) {
      this.unsignedVarint();
      this.#take(this.unsignedVarint());
    }
  }

  /** Everything must have been read: left-over bytes mean that the answer is not what was asked for. */
  end(): void {
    const left = this.#bytes.length - this.#offset;
    if (left !== 0) throw malformed(`${left} bytes left over`, this.#offset);
  }
}

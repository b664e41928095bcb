/** Of a name in a request, in every version (`short` in Kafka's protocol). */
export const maximumStringBytes = 32_767;

/**
 * Writes Kafka's primitive types, big-endian; the counterpart of WireReader. `isFlexible` chooses compact strings and
 * arrays and tagged fields (KIP-482). Methods return the writer, so that a request reads as a sentence.
 */
export class WireWriter {
  readonly #isFlexible: boolean;
  #buffer = Buffer.alloc(512);
  #size = 0;

  constructor(isFlexible: boolean) {
    this.#isFlexible = isFlexible;
  }

  /** Everything written so far, without a copy. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  #reserve(size: number): number {
    const start = this.#size;
    if (start + size > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(start + size, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    this.#size = start + size;
    return start;
  }

  int8(value: number): this {
    const start = this.#reserve(1);
    this.#buffer.writeInt8(value, start);
    return this;
  }

  int16(value: number): this {
    const start = this.#reserve(2);
    this.#buffer.writeInt16BE(value, start);
    return this;
  }

  int32(value: number): this {
    const start = this.#reserve(4);
    this.#buffer.writeInt32BE(value, start);
    return this;
  }

  int64(value: bigint): this {
    const start = this.#reserve(8);
    this.#buffer.writeBigInt64BE(value, start);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  unsignedVarint(value: number): this {
    let rest = value;
    while (rest > 0x7f) {
      const start = this.#reserve(1);
      this.#buffer.writeUInt8((rest & 0x7f) | 0x80, start);
      rest = Math.floor(rest / 128);
    }
    const start = this.#reserve(1);
    this.#buffer.writeUInt8(rest, start);
    return this;
  }

  /** Absent means the protocol's null id. */
  uuid(value?: string): this {
    const hex = (value ?? '').replaceAll('-', '').padStart(32, '0');
    return this.raw(Buffer.from(hex, 'hex'));
  }

  raw(bytes: Buffer): this {
    const start = this.#reserve(bytes.length);
    bytes.copy(this.#buffer, start);
    return this;
  }

  /** @throws RangeError above 32,767 bytes of UTF-8, which no version accepts for a name. */
  nullableString(value: string | undefined): this {
    if (value === undefined) return this.#isFlexible ? this.unsignedVarint(0) : this.int16(-1);
    const size = Buffer.byteLength(value);
    if (size > maximumStringBytes) throw new RangeError(`a string of ${size} bytes`);
    if (this.#isFlexible) this.unsignedVarint(size + 1);
    else this.int16(size);
    const start = this.#reserve(size);
    this.#buffer.write(value, start, size, 'utf8');
    return this;
  }

  string(value: string): this {
    return this.nullableString(value);
  }

  byteArray(value: Buffer): this {
    if (this.#isFlexible) this.unsignedVarint(value.length + 1);
    else this.int32(value.length);
    return this.raw(value);
  }

  array<Item>(items: readonly Item[], writeItem: (writer: this, item: Item) => void): this {
    if (this.#isFlexible) this.unsignedVarint(items.length + 1);
    else this.int32(items.length);
    for (const item of items) writeItem(this, item);
    return this;
  }

  /** The null array, which means "all" in several requests. */
  nullArray(): this {
    return this.#isFlexible ? this.unsignedVarint(0) : this.int32(-1);
  }

  /** No tagged fields; nothing where the version has none. */
  tags(): this {
    return this.#isFlexible ? this.unsignedVarint(0) : this;
  }
}

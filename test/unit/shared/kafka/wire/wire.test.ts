import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MalformedBytesError, WireReader } from '../../../../../shared/kafka/wire/reader.ts';
import { WireWriter } from '../../../../../shared/kafka/wire/writer.ts';

const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });

/** A field: how it is written, how read, and what must come back. */
type Field = {
  readonly write: (writer: WireWriter) => unknown;
  readonly read: (reader: WireReader) => unknown;
  readonly value: unknown;
};

const field = <Value>(
  arbitrary: fc.Arbitrary<Value>,
  write: (writer: WireWriter, value: Value) => unknown,
  read: (reader: WireReader) => unknown,
): fc.Arbitrary<Field> => arbitrary.map((value) => ({ value, write: (writer) => write(writer, value), read }));

const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const anyField: fc.Arbitrary<Field> = fc.oneof(
  field(
    int(8),
    (w, v) => w.int8(v),
    (r) => r.int8(),
  ),
  field(
    int(16),
    (w, v) => w.int16(v),
    (r) => r.int16(),
  ),
  field(
    int(32),
    (w, v) => w.int32(v),
    (r) => r.int32(),
  ),
  field(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    (w, v) => w.int64(v),
    (r) => r.int64(),
  ),
  field(
    fc.boolean(),
    (w, v) => w.boolean(v),
    (r) => r.boolean(),
  ),
  field(
    fc.nat(0x7fffffff),
    (w, v) => w.unsignedVarint(v),
    (r) => r.unsignedVarint(),
  ),
  field(
    fc.uuid(),
    (w, v) => w.uuid(v),
    (r) => r.uuid(),
  ),
  field(
    text,
    (w, v) => w.string(v),
    (r) => r.string(),
  ),
  field(
    fc.option(text, { nil: undefined }),
    (w, v) => w.nullableString(v),
    (r) => r.nullableString(),
  ),
  field(
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
    (w, v) => w.byteArray(v),
    (r) => r.bytes(),
  ),
  field(
    fc.array(int(32)),
    (w, v) => w.array(v, (one, item) => one.int32(item)),
    (r) => r.array((one) => one.int32()),
  ),
  field(
    fc.constant(undefined),
    (w) => w.tags(),
    (r) => r.tags(),
  ),
);

test('whatever is written is read back, in both encodings', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyField, { maxLength: 40 }), (isFlexible, fields) => {
      const writer = new WireWriter(isFlexible);
      for (const each of fields) each.write(writer);
      const reader = new WireReader(Buffer.from(writer.bytes), isFlexible);
      for (const each of fields) expect(each.read(reader)).toEqual(each.value);
      reader.end();
    }),
  );
});

test('bytes cut short anywhere are refused by name', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(anyField, { minLength: 1, maxLength: 10 }),
      fc.nat(),
      (isFlexible, fields, cut) => {
        const writer = new WireWriter(isFlexible);
        for (const each of fields) each.write(writer);
        fc.pre(writer.bytes.length > 0);
        const reader = new WireReader(writer.bytes.subarray(0, cut % writer.bytes.length), isFlexible);
        expect(() => {
          for (const each of fields) each.read(reader);
        }).toThrow(MalformedBytesError);
      },
    ),
  );
});

test('garbage is read or refused by name, and nothing else happens', () => {
  const reads = fc.constantFrom<(reader: WireReader) => unknown>(
    (r) => r.int64(),
    (r) => r.string(),
    (r) => r.nullableString(),
    (r) => r.bytes(),
    (r) => r.array((one) => one.string()),
    (r) => r.tags(),
    (r) => r.unsignedVarint(),
    (r) => r.boolean(),
    (r) => r.end(),
  );
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), fc.array(reads), (isFlexible, bytes, steps) => {
      const reader = new WireReader(Buffer.from(bytes), isFlexible);
      try {
        for (const step of steps) step(reader);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedBytesError);
      }
    }),
  );
});

test.each([
  ['an array of two billion items', '7fffffff', false, (r: WireReader) => r.array((one) => one.int8())],
  ['a negative array', 'fffffffe', false, (r: WireReader) => r.array((one) => one.int8())],
  ['a string beyond the end', '7fff61', false, (r: WireReader) => r.string()],
  ['a varint of six bytes', 'ffffffffff01', true, (r: WireReader) => r.unsignedVarint()],
  ['a varint above 31 bits', 'ffffffff0f', true, (r: WireReader) => r.unsignedVarint()],
  ['a null where text is due', '00', true, (r: WireReader) => r.string()],
  ['a boolean of 7', '07', false, (r: WireReader) => r.boolean()],
  ['bytes left over', '0000', false, (r: WireReader) => r.end()],
])('%s is refused', (_name, hex, isFlexible, read) => {
  expect(() => read(new WireReader(Buffer.from(hex, 'hex'), isFlexible))).toThrow(MalformedBytesError);
});

test('a name above 32,767 bytes is not written', () => {
  expect(() => new WireWriter(true).string('a'.repeat(32_768))).toThrow(RangeError);
});

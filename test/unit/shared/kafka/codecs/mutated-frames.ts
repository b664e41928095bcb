import fc from 'fast-check';
import { expect } from 'vitest';
import { MalformedBytesError } from '../../../../../shared/kafka/wire/reader.ts';
import { cases } from '../../../../support/depth.ts';

/** What a broken line, a broken broker or a hostile one does to bytes. */
type Edit = {
  readonly kind: 'set' | 'flip' | 'put' | 'cut' | 'end' | 'length';
  readonly at: number;
  readonly byte: number;
};

/** A few edits of one frame. */
type Edits = readonly Edit[];

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('set', 'flip', 'put', 'cut', 'end', 'length'),
  at: fc.nat(),
  byte: fc.nat({ max: 255 }),
});
export const someEdits: fc.Arbitrary<Edits> = fc.array(edit, { minLength: 1, maxLength: 4 });
/** As many of one answer as make its drawing cheap. */
const framesOfAnswer = 100;
const frames = fc.array(someEdits, {
  minLength: framesOfAnswer,
  maxLength: framesOfAnswer,
});

const applyEdit = (bytes: Buffer, { kind, at, byte }: Edit): Buffer => {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (kind) {
    case 'set':
      return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
    case 'flip':
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << (byte % 8))]), after.subarray(1)]);
    case 'put':
      return Buffer.concat([before, Buffer.from([byte]), after]);
    case 'cut':
      return Buffer.concat([before, after.subarray(1 + (byte % 8))]);
    case 'end':
      return before;
    case 'length':
      // The largest lengths of both encodings, or the smallest: whoever believes one allocates it or reads backwards.
      return Buffer.concat([before, Buffer.from(byte % 2 === 0 ? 'ffffffff07' : '80000000', 'hex'), after.subarray(4)]);
    default:
      return kind satisfies never;
  }
};

/** The bytes with all edits done, one after the other. */
export const mutate = (bytes: Buffer, edits: Edits): Buffer => edits.reduce(applyEdit, bytes);

/**
 * Reads mutated frames: each is an answer, or a failure that is named as the bytes' own. A hundred of each drawn answer;
 * 100,000 in a deep check.
 */
export const expectNoNamelessCrash = (written: fc.Arbitrary<Buffer>, decode: (bytes: Buffer) => unknown): void => {
  fc.assert(
    fc.property(written, frames, (bytes, edits) => {
      for (const each of edits) {
        try {
          decode(mutate(bytes, each));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytesError);
        }
      }
    }),
    cases(5, 1_000),
  );
};

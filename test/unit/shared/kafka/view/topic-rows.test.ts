import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../../../../../shared/kafka/view/rows.ts';
import { topicRows } from '../../../../../shared/kafka/view/rows-schema.ts';
import { areTopicRows } from '../../../../../shared/kafka/view/topic-rows.ts';
import { cases } from '../../../../support/depth.ts';
import { anyView } from '../../../../support/health/kafka-view.ts';

/** What stands in JSON where something else should. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    2,
    -1,
    -2,
    -0,
    1.5,
    2 ** 53,
    '',
    '0',
    '-5',
    '+5',
    '12345678901234567890',
    'x',
    [],
    {},
    [null],
    ['1'],
    [1, 2],
    { a: 1 },
    { a: 'b' },
  ),
  fc.jsonValue(),
);

/** A place in a list of lists, by the numbers that lead there. */
const place = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });
const edit = fc.record({ place, kind: fc.constantFrom('put', 'drop', 'add'), value: odd });

/** JSON with one thing changed, somewhere inside. */
const changed = (json: unknown, [step = 0, ...rest]: readonly number[], kind: string, value: unknown): unknown => {
  if (!Array.isArray(json)) return value;
  if (json.length === 0) return [value];
  const index = step % json.length;
  if (rest.length > 0 && Array.isArray(json[index])) return json.with(index, changed(json[index], rest, kind, value));
  if (kind === 'drop') return json.toSpliced(index, 1);
  return kind === 'add' ? json.toSpliced(index, 0, value) : json.with(index, value);
};

test('rows that a look makes pass both', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const rows: unknown = JSON.parse(JSON.stringify(rowsOf(view).topics));
      expect([areTopicRows(rows), topicRows.safeParse(rows).success]).toEqual([true, true]);
    }),
  );
});

test('whatever is changed in them, the quick check says what the schema says, and the schema changes nothing', () => {
  const rows = anyView.map((view): unknown => JSON.parse(JSON.stringify(rowsOf(view).topics)));
  fc.assert(
    fc.property(rows, fc.array(edit, { maxLength: 3 }), (good, edits) => {
      const json = edits.reduce((each, one) => changed(each, one.place, one.kind, one.value), good);
      const parsed = topicRows.safeParse(json);
      expect(areTopicRows(json)).toBe(parsed.success);
      if (parsed.success) expect(parsed.data).toEqual(json);
    }),
    cases(2_000, 100_000),
  );
});

test('any JSON at all', () => {
  fc.assert(
    fc.property(odd, (json) => {
      expect(areTopicRows(json)).toBe(topicRows.safeParse(json).success);
    }),
    cases(500, 20_000),
  );
});

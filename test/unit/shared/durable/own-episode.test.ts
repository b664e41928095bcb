import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { approvalIdOf } from '../../../../shared/durable/approval-id.ts';
import { type EpisodeDocument, type EpisodeInput, episodeInput } from '../../../../shared/durable/episode.ts';
import { findForeignInput } from '../../../../shared/durable/own-episode.ts';
import { cases } from '../../../support/depth.ts';

const input: EpisodeInput = {
  version: 1,
  cluster: 'orders',
  episode: 7,
  openedAtMs: Date.UTC(2026, 0, 14, 12),
  openedBy: 'alarm disk',
  isOpenerProven: true,
  quiet: { sinceMs: Date.UTC(2026, 0, 14), names: ['notify hold storage-locked'] },
};
const { cluster: _own, ...opened } = input;
const document: EpisodeDocument = { ...opened, configuration: 'reviewed-1', wakes: [] };
const run = { procedure: 'storage-scaling', executionName: 'orders-storage-scaling-7' };

describe('a run whose episode an intake opened', () => {
  test('has an input that its document vouches for, whatever else that says', () => {
    expect(findForeignInput(input, run, document)).toBeUndefined();
    const { quiet: _none, isOpenerProven: _unknown, ...plain } = input;
    const { quiet: _nothing, isOpenerProven: _nobody, ...plainDocument } = document;
    expect(findForeignInput(plain, run, plainDocument)).toBeUndefined();
  });

  test.each<[string, Partial<EpisodeInput>, Partial<EpisodeDocument>]>([
    ['its number', { episode: 7 }, { episode: 6 }],
    ['when it was opened', { openedAtMs: 1 }, {}],
    ['who opened it', { openedBy: 'alarm disks' }, {}],
    ['whether that was proven', {}, { isOpenerProven: undefined as never }],
    ['what people heard before', {}, { quiet: { sinceMs: 0, names: [] } }],
    ['what people heard before', { quiet: { sinceMs: 0, names: [] } }, { quiet: undefined as never }],
  ])('is told what differs: %s', (words, more, kept) => {
    expect(findForeignInput({ ...input, ...more }, run, { ...document, ...kept })).toBe(
      `what it was started with is not what its episode's document says (${words}): look who invoked it`,
    );
  });

  test.each(['orders-storage-scaling-7x', 'by-hand', 'orders-storage-scaling-07', 'Orders-storage-scaling-7'])(
    'is no other run with the same input: %s',
    (executionName) => {
      expect(findForeignInput(input, { ...run, executionName }, document)).toBe(
        `the run is called ${executionName}, and no intake starts one of episode 7 under that name: look who invoked it`,
      );
    },
  );

  test('is none where there is no document', () => {
    expect(findForeignInput(input, run, undefined)).toBe('the bucket has no document of its episode');
  });
});

const quiet = fc.record({
  sinceMs: fc.integer({ min: 0, max: 5 }),
  names: fc.array(fc.constantFrom('notify refuse a', 'notify over'), { maxLength: 2 }),
});
const counted = {
  version: fc.constant(1 as const),
  episode: fc.integer({ min: 1, max: 3 }),
  openedAtMs: fc.integer({ min: 0, max: 2 }),
  openedBy: fc.constantFrom('alarm disk', 'alarm disk ', 'forecast'),
};
const maybe = { isOpenerProven: fc.constant(true as const), quiet };
const inputs = fc.record(
  { ...counted, ...maybe, cluster: fc.constant('orders') },
  { requiredKeys: ['version', 'episode', 'openedAtMs', 'openedBy', 'cluster'] },
);
const documents = fc.record(
  { ...counted, ...maybe, configuration: fc.string({ minLength: 1, maxLength: 5 }) },
  { requiredKeys: ['version', 'episode', 'openedAtMs', 'openedBy'] },
);

test('an input is vouched for where it is the very one that the intake would start the run of the document with, and never else', () => {
  fc.assert(
    fc.property(inputs, documents, fc.integer({ min: 1, max: 3 }), (one, kept, number) => {
      const executionName = `orders-storage-scaling-${number}`;
      const { configuration: _more, ...said } = kept;
      const isTheIntakes =
        JSON.stringify(episodeInput.parse({ ...said, cluster: 'orders' })) ===
          JSON.stringify(episodeInput.parse(one)) && number === kept.episode;
      expect(findForeignInput(one, { ...run, executionName }, kept) === undefined).toBe(isTheIntakes);
    }),
    cases(2_000, 100_000),
  );
});

test('requests of different runs and looks have different names, also where the runs are of one episode', () => {
  const asked = (executionName: string, look: number) =>
    approvalIdOf({ cluster: 'orders', procedure: 'storage-scaling', episode: 7, executionName }, look);
  expect(asked('orders-storage-scaling-7', 4)).toBe('orders-storage-scaling-7-4');
  const names = fc.uniqueArray(fc.stringMatching(/^(orders-storage-scaling-)?[A-Za-z0-9_-]{1,30}$/), { minLength: 2 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 20 }), (executionNames, mostLooks) => {
      const looks = Array.from({ length: mostLooks }, (_, index) => index + 1);
      const ids = ['orders-storage-scaling-7', ...executionNames.filter((name) => !/-7$/.test(name))].flatMap((name) =>
        looks.map((look) => asked(name, look)),
      );
      expect(new Set(ids).size).toBe(ids.length);
      // What a person types, and a key of the bucket has.
      for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
    }),
    cases(100, 2_000),
  );
});

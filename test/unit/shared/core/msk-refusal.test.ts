import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyUpdateRefusal, readUpdateRefusal } from '../../../../shared/core/msk-refusal.ts';
import { wordsOf } from '../../../../shared/core/words-of.ts';
import { cases } from '../../../support/depth.ts';

/** Sentences that AWS's pages, users and the stand-in have shown, and such as they might be put another day. */
const sentences: readonly (readonly [string, ReturnType<typeof classifyUpdateRefusal>])[] = [
  ["The cluster's storage is optimizing. Wait until it has finished.", 'storage-optimizing'],
  ['The storage of the cluster is under optimization; wait until it has finished.', 'storage-optimizing'],
  ['Storage optimisation is in progress.', 'storage-optimizing'],
  ["This version of the cluster isn't current. Check the current version and try again.", 'version-moved'],
  ['This version of the cluster isn’t current.', 'version-moved'],
  ['The specified cluster version is not the latest.', 'version-moved'],
  ['currentVersion: K1 does not match', 'version-moved'],
  ["You can't update broker storage for a cluster in UPDATING state.", 'not-updatable'],
  ['You can’t perform this operation in UPDATING state.', 'not-updatable'],
  ['The cluster is not in an ACTIVE state.', 'not-updatable'],
  ['The operation is not allowed in state SOMETHING_NEW.', 'not-updatable'],
  ['Cluster must be ACTIVE, and is not.', 'not-updatable'],
  ['The cluster is HEALING.', 'not-updatable'],
  ['To update storage, you must increase it by at least 10 GiB.', 'other'],
  ['One or more of the parameters are not valid.', 'other'],
  ['', 'other'],
];

describe('a refusal', () => {
  test.each(sentences)('"%s" is %s', (sentence, refusal) => {
    expect(classifyUpdateRefusal(sentence)).toBe(refusal);
  });

  test('is the same in other quotes, cases, spaces and with its clauses turned round', () => {
    const quote = fc.constantFrom("'", '’', '‘', '`', '´', '＇');
    const space = fc.constantFrom(' ', '  ', '\u00a0', '\n', '\t ');
    const shape = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.toLowerCase(),
      (text: string) => `“${text}”`,
      (text: string) => `BadRequestException: ${text} (request 1)`,
      (text: string) =>
        text
          .split(/(?<=[.;,]) /)
          .toReversed()
          .join(' '),
    );
    fc.assert(
      fc.property(fc.constantFrom(...sentences), quote, space, shape, ([sentence, refusal], mark, gap, reshape) => {
        const rephrased = reshape(sentence).replaceAll(/['’]/g, mark).replaceAll(' ', gap);
        expect(classifyUpdateRefusal(rephrased)).toBe(refusal);
      }),
      cases(500, 20_000),
    );
  });

  test('by any state of a cluster, known or new, is the cluster’s state', () => {
    const state = fc.oneof(
      fc.constantFrom('CREATING', 'HEALING', 'MAINTENANCE', 'REBOOTING_BROKER', 'UPDATING', 'FAILED', 'DELETING'),
      fc.stringMatching(/^[A-Z]{3,12}(_[A-Z]{3,12})?$/).filter((word) => !/^OPTIMI[SZ]/.test(word)),
    );
    const sentence = fc.constantFrom(
      (name: string) => `You can't update the cluster while it is in ${name} state.`,
      (name: string) => `Cluster is in state ${name}`,
      (name: string) => `Operation not permitted: cluster state: ${name}.`,
    );
    fc.assert(
      fc.property(state, sentence, (name, say) => {
        expect(classifyUpdateRefusal(say(name))).toBe('not-updatable');
      }),
      cases(500, 20_000),
    );
  });

  test('in any words at all is one of four, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readUpdateRefusal(classifyUpdateRefusal(text))).toBe(classifyUpdateRefusal(text));
      }),
      cases(500, 20_000),
    );
  });
});

test('words are those of the sentence without its marks', () => {
  expect(wordsOf('“You can’t  update” a cluster, in REBOOTING_BROKER-state!')).toEqual([
    'you',
    'cant',
    'update',
    'a',
    'cluster',
    'in',
    'rebooting_broker',
    'state',
  ]);
});

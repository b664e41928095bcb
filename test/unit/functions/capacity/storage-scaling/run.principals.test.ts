import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventOf } from '../../../../../functions/capacity/storage-scaling/bus.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { planActEvent } from '../../../../../shared/acting/event.ts';
import { isNamedByTool, mayBeSamePerson } from '../../../../../shared/core/principal.ts';
import { namesIn } from '../../../../../shared/text/names.ts';
import { redactRecord } from '../../../../../shared/text/redaction.ts';
import { cases } from '../../../../support/depth.ts';
import type { Said } from '../../../../support/durable/proof.ts';
import { namesLikeSecrets } from '../../../../support/names.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { input } from '../../../../support/storage-scaling/storage-scaling.ts';
import { approverAda, onCall, openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

/** Names that directories and people give sessions: addresses of e-mail, and what looks like keys and numbers. */
const person = fc
  .oneof(
    fc.constantFrom('alice@bank.example', 'mallory.o@sub.bank.example', 'bob', ...namesLikeSecrets),
    fc.stringMatching(/^[a-z][\w+=,.-]{1,20}@[a-z]{2,12}\.example$/),
    fc.stringMatching(/^[\w+=,.@-]{2,64}$/),
  )
  .filter((name) => name.length <= 64 && !isNamedByTool(onCall(name)));
const stranger = (name: string) => `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_dev_0123456789abcdef/${name}`;
const frame = { cluster: 'orders', procedure: 'storage-scaling', runId: 'run' };

const expectReadable = ({ world }: StorageWorld, arn: string) => {
  const naming = world.spoken.filter((one) => JSON.stringify(one).includes(arn));
  expect(naming.some(({ kind }) => kind === 'notice' || kind === 'finding')).toBe(true);
  for (const spoken of naming) {
    const { detail } = eventOf(frame, spoken.atMs, spoken);
    const leaves = redactRecord(detail);
    expect(JSON.stringify(leaves)).toContain(arn);
    expect(JSON.stringify(leaves)).not.toContain('[redacted');
    // By which its reader knows what to leave as it is.
    if (spoken.kind !== 'plan') expect(namesIn(leaves)).toContain(arn);
  }
};

describe('whoever is named to people can be read, whatever a directory called him', () => {
  const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
  const yes = (by: string): Said => ({ decision: 'approved', by });
  const inTurn = (...answers: readonly Said[]) => {
    let count = 0;
    return () => answers[Math.min(count++, answers.length - 1)];
  };
  const kinds = {
    'no approver': (name: string) => ({ by: stranger(name), answer: inTurn(yes(stranger(name)), yes(approverAda)) }),
    'the initiator': (name: string) => ({
      by: onCall(name),
      openedBy: onCall(name),
      answer: inTurn(yes(onCall(name)), yes(approverAda)),
    }),
    'who approved before': (name: string) => ({
      by: onCall(name),
      openedBy: 'zoe',
      answer: inTurn(yes(onCall(name)), yes(onCall(name)), yes(approverAda)),
    }),
    'the one of five vain answers': (name: string) => ({ by: stranger(name), answer: inTurn(yes(stranger(name))) }),
    'who refused': (name: string) => ({
      by: onCall(name),
      answer: inTurn({ decision: 'refused', by: onCall(name), comment: 'no' }),
    }),
  } as const;

  test.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s: on the bus and in the audit', async (kind) => {
    await fc.assert(
      fc.asyncProperty(person, async (name) => {
        fc.pre(!mayBeSamePerson(name, 'ada') && !mayBeSamePerson(name, 'zoe'));
        const made: { readonly by: string; readonly openedBy?: string; readonly answer: () => Said | undefined } =
          kinds[kind](name);
        const { by, openedBy = input.openedBy, answer } = made;
        const storage = openStorageWorld({ approval, run: { answer } });
        await scaleStorage({ ...input, openedBy }, storage.run.durable, storage.ports);
        expectReadable(storage, by);
        const record = storage.switches.told.at(-1);
        if (record === undefined) throw new Error('no record was kept');
        expect(JSON.stringify(redactRecord({ ...record }))).toContain(by);
        const { detail } = planActEvent({ procedure: 'storage-scaling', cause: 'c', plannedAtMs: 0 }, record);
        expect(JSON.stringify(redactRecord(detail))).toContain(by);
      }),
      cases(15, 1_000),
    );
  });

  test('the record says which answers counted for nothing, whose, and of which question', async () => {
    const [first, second] = [stranger('mallory@bank.example'), approverAda];
    const acted = openStorageWorld({ approval, run: { answer: inTurn(yes(first), yes(second)) } });
    expect(await scale(acted)).toMatchObject({ outcome: 'expanded' });
    const voidAnswers = [{ because: 'stranger', by: first, askedAtMs: acted.run.requests[0]?.requestedAtMs }];
    expect(acted.switches.told.at(-1)).toMatchObject({
      end: { decision: 'acted' },
      approval: { by: second },
      voidAnswers,
    });
    const none = openStorageWorld({ approval, run: { answer: inTurn(yes(first)) } });
    expect(await scale(none)).toMatchObject({ outcome: 'not-approved', reason: 'unproven' });
    expect(none.switches.told).toMatchObject([
      {
        tries: [],
        voidAnswers: Array.from({ length: 5 }, () => ({ because: 'stranger', by: first })),
        end: { decision: 'stopped', reason: 'not-approved', message: 'Nobody who may approve it did.' },
      },
    ]);
    expect(none.switches.told[0]).not.toHaveProperty('approval');
    expect(none.world.updates).toEqual([]);
    let asked = 0;
    const silent = openStorageWorld({ approval, run: { answer: () => (asked++ === 0 ? yes(first) : undefined) } });
    expect(await scale(silent)).toMatchObject({ outcome: 'not-approved', reason: 'timed-out' });
    expect(silent.switches.told).toMatchObject([{ voidAnswers: [{ by: first }], end: { reason: 'not-approved' } }]);
  });
});

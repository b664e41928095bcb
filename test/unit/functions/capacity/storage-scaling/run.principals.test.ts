import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Announcement } from '../../../../../functions/capacity/storage-scaling/core/model.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { planActEvent } from '../../../../../shared/acting/event.ts';
import { findingEventOf, newsOfUnremembered } from '../../../../../shared/core/bus-event.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { isNamedByTool, mayBeSamePerson } from '../../../../../shared/core/principal.ts';
import { noticeOf, planNotice } from '../../../../../shared/telling/notice.ts';
import { escapeForeignText } from '../../../../../shared/text/cluster-text.ts';
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

/** What people read of a word, and what the bus gets of it: as they leave. */
const leaving = (told: Announcement & { readonly atMs: number }): readonly string[] => {
  const { message } = planNotice(noticeOf(frame, [], told.atMs, told));
  const { findings, event, headline: said } = told;
  const events =
    event?.detailType === 'mskeeper plan'
      ? [{ plan: { message: said, ...event.facts } }]
      : findings.map((one) => findingEventOf(frame, 0, newsOfUnremembered(one, 0)).detail);
  return [message, ...events.map((one) => JSON.stringify(redactRecord(one)))];
};

const expectReadable = ({ world }: StorageWorld, arn: string) => {
  const naming = world.told.filter(({ headline: said }) => said.includes(arn));
  expect(naming.length).toBeGreaterThan(0);
  for (const told of naming) {
    const [notice = '', ...events] = leaving(told);
    expect(notice).not.toContain('[redacted');
    // Once for JSON, in which the text of a protocol is a text of its own.
    expect(notice).toContain(JSON.stringify(escapeForeignText(arn, [arn])).slice(1, -1));
    for (const event of events) expect(event).toContain(arn);
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

  test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
    '%s: on the topic, on the bus and in the audit',
    async (kind) => {
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
    },
  );

  test('also where people could not be told, and the bus says what they did not hear', async () => {
    const by = stranger('mallory@bank.example');
    const storage = openStorageWorld({ approval, run: { answer: inTurn(yes(by)) } });
    storage.world.failing.set('tell', new DependencyError('sns:Publish', 'denied', 'denied'));
    await scale(storage).catch(() => undefined);
    const untold = storage.world.onBus.filter(
      ({ headline: said }) => said.includes('People were not told') && said.includes(by),
    );
    expect(untold.length).toBeGreaterThan(0);
    for (const { findings } of untold)
      expect(JSON.stringify(findings.map((one) => redactRecord({ one })))).toContain(by);
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

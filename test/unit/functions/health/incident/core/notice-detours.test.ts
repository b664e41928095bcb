import { describe, expect, test } from 'vitest';
import { planNoticeDetours } from '../../../../../../functions/health/incident/core/notice-detours.ts';
import { type NoticeSaid, planNotice } from '../../../../../../functions/health/incident/core/notices.ts';
import { type Message, settleMessage } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { Reach } from '../../../../../../functions/health/incident/core/reach.ts';
import { at } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const { reach, frame } = usualRules;
const said = (more: Partial<NoticeSaid> = {}): NoticeSaid => ({
  key: 'report/1',
  procedure: 'storage-scaling',
  atMs: at(0),
  topic: 'operations',
  severity: 'notice',
  headline: 'The plan of today.',
  findings: [],
  names: [],
  isIntent: false,
  ...more,
});
/** Its messages, of which each failed a moment after it was made. */
const failed = (notice: NoticeSaid, result: 'failed' | 'refused' = 'failed', by: Reach = reach): readonly Message[] =>
  planNotice(notice, by, frame, at(0)).reduce<readonly Message[]>(
    (outbox, { id }) => settleMessage(outbox, id, 'run-1', { result, why: '503' }, at(0.1)),
    planNotice(notice, by, frame, at(0)).map((one) => ({
      ...one,
      tries: 1,
      claim: { by: 'run-1', untilMs: at(2) },
    })),
  );
const detours = (outbox: readonly Message[], minute: number, by: Reach = reach) =>
  planNoticeDetours(outbox, by, at(minute)).map(
    ({ id, destination }) => `${id} ${destination.lane}: ${destination.endpoints.join()}`,
  );
const toMail = ['notice/report/1/detour/1 topic warning: mail'];

describe('a notice that nobody takes', () => {
  test('goes to the others of its severity, once it failed for more than a minute', () => {
    expect(detours(failed(said()), 1)).toEqual([]);
    expect(detours(failed(said()), 1.1)).toEqual(toMail);
    expect(detours(failed(said({ severity: 'critical' })), 2)).toEqual([
      'notice/report/1/detour/1 on-call: on-call',
      // Who calls people keeps it until it is ended.
      'notice/report/1/detour/1/end on-call: on-call',
    ]);
  });
  test('at once where it was refused, with its text', () => {
    const outbox = failed(said(), 'refused');
    expect(detours(outbox, 0.2)).toEqual(toMail);
    const [first] = planNoticeDetours(outbox, reach, at(1));
    expect(first).toMatchObject({ action: 'notice', key: 'report/1', says: 'The plan of today.', tries: 0 });
    expect(first?.page?.title).toBe('The plan of today.');
    expect(first).not.toHaveProperty('isIntent');
    expect(first).not.toHaveProperty('incidentId');
  });
  test('once', () => {
    const outbox = failed(said());
    expect(planNoticeDetours([...outbox, ...planNoticeDetours(outbox, reach, at(2))], reach, at(9))).toEqual([]);
  });
  test('sooner where somebody waits for its receipt, which the detour gives, too', () => {
    const intent = failed(said({ isIntent: true }));
    expect(detours(intent, 0.5)).toEqual([]);
    expect(detours(intent, 0.6)).toEqual(toMail);
    expect(planNoticeDetours(intent, reach, at(1))[0]).toMatchObject({ isIntent: true });
  });
  test('nowhere, where somebody heard it', () => {
    const [chat, mail] = failed(said({ topic: 'warning', severity: 'warning' }));
    const outbox = [chat, mail].flatMap((one) => one ?? []);
    const heard = outbox.map((one, index) => (index === 0 ? { ...one, outcome: 'delivered' as const } : one));
    expect(detours(heard, 9)).toEqual([]);
  });
  test('what Amazon Q took nobody is known to have heard', () => {
    const withQ: Reach = { ...reach, kindOf: (name) => (name === 'chat' ? 'amazon-q' : reach.kindOf(name)) };
    const byBoth: Reach = { ...withQ, byTopic: () => ['chat', 'boss'] };
    const outbox = failed(said(), 'failed', byBoth).map((one) =>
      one.destination.lane === 'chat' ? { ...one, outcome: 'delivered' as const } : one,
    );
    expect(detours(outbox, 2, byBoth)).toEqual(toMail);
  });
  test('nowhere, where nobody else hears of its severity', () => {
    expect(detours(failed(said({ topic: 'warning', severity: 'warning' })), 9)).toEqual([]);
  });
});

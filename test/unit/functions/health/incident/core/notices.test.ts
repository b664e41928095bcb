import { describe, expect, test } from 'vitest';
import { type NoticeSaid, planNotice } from '../../../../../../functions/health/incident/core/notices.ts';
import { type Message, over, sweepOutbox } from '../../../../../../functions/health/incident/core/outbox.ts';
import { hourMs } from '../../../../../../shared/core/units.ts';
import { nightMs } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const notice: NoticeSaid = {
  key: 'act/1',
  procedure: 'storage-scaling',
  atMs: nightMs,
  topic: 'maintenance',
  severity: 'critical',
  headline: 'An approval is asked for.',
  findings: [],
  names: [],
  isIntent: true,
};
/** Of a P1 hear the pager and the chat. */
const planned = planNotice(notice, usualRules.reach, usualRules.frame, nightMs);
const told = (outbox: readonly Message[], hours: number) =>
  sweepOutbox(outbox, new Set(), nightMs + hours * hourMs).outbox.map(({ id, outcome }) => [id, outcome]);
const settled = (outcome: 'delivered' | 'refused') =>
  planned.map((one) => (one.action === 'notice' ? over(one, outcome, nightMs) : one));

describe('a notice at who calls people', () => {
  test('is ended there after four hours, and nowhere else; its end is nobody’s receipt', () => {
    expect(
      planned.map(({ destination, action, key, dueAtMs, isIntent }) => [
        destination.lane,
        action,
        key,
        (dueAtMs - nightMs) / hourMs,
        isIntent,
      ]),
    ).toEqual([
      ['on-call', 'notice', 'act/1', 0, true],
      ['on-call', 'resolve', 'act/1', 4, undefined],
      ['chat', 'notice', 'act/1', 0, true],
    ]);
    expect(planned[1]?.page?.title).toBe(notice.headline);
  });
  test('is ended where it arrived, and not where it was refused', () => {
    expect(told(settled('delivered'), 4)[1]).toEqual(['notice/act/1/1/end', undefined]);
    expect(told(settled('refused'), 0)[1]).toEqual(['notice/act/1/1/end', 'dropped']);
  });
  test('that nobody could send for so long is sent no more', () => {
    expect(told(planned, 3.9).map(([, outcome]) => outcome)).toEqual([undefined, undefined, undefined]);
    expect(told(planned, 4).map(([, outcome]) => outcome)).toEqual(['dropped', 'dropped', undefined]);
  });
  test('leaves nothing behind when it may come again', () => {
    const over4h = settled('delivered').map((one) =>
      one.action === 'resolve' ? over(one, 'delivered', nightMs + 4 * hourMs) : one,
    );
    expect(told(over4h, 23.9)).toHaveLength(3);
    expect(told(over4h, 24)).toEqual([]);
  });
});

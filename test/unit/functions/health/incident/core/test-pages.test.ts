import { describe, expect, test } from 'vitest';
import { type Message, settleMessage, sweepOutbox } from '../../../../../../functions/health/incident/core/outbox.ts';
import type { Reach } from '../../../../../../functions/health/incident/core/reach.ts';
import { planTest } from '../../../../../../functions/health/incident/core/test-pages.ts';
import { minuteMs } from '../../../../../../shared/core/units.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const nowMs = Date.parse('2026-11-28T03:00:00Z');
const asked = { by: 'alice', commandId: 'c-1' };

const kinds: Readonly<Record<string, string>> = { pager: 'pagerduty', text: 'sms', mail: 'email', q: 'amazon-q' };
const reachWith = (
  bySeverity: Partial<Record<string, readonly string[]>>,
  byTopic: Partial<Record<string, readonly string[]>> = {},
  byLevel: Partial<Record<string, readonly string[]>> = {},
): Reach => ({
  kindOf: (name) => kinds[name],
  bySeverity: (severity) => bySeverity[severity] ?? [],
  byTopic: (topic) => byTopic[topic] ?? bySeverity[topic] ?? [],
  byLevel: (level) => byLevel[level] ?? [],
});
const testsOf = (reach: Reach): readonly Message[] => planTest(asked, { ...usualRules, reach }, nowMs);
const told = (reach: Reach) =>
  testsOf(reach).map(({ destination, action, page }) => [
    destination.endpoints.join(),
    destination.by === 'topic' ? destination.topic : 'itself',
    action,
    page?.severity,
  ]);

describe('a test', () => {
  test('is sent to each endpoint once, by the worst topic by which it hears', () => {
    const reach = reachWith({ warning: ['mail', 'text', 'q'], critical: ['text'] });
    expect(told(reach)).toEqual([
      ['text', 'critical', 'notice', 'critical'],
      ['mail', 'warning', 'notice', 'warning'],
      ['q', 'itself', 'notice', 'warning'],
    ]);
  });

  test('is sent to those whom only a rung calls, by the topic of the severity that it is by then', () => {
    expect(told(reachWith({}, {}, { management: ['mail'] }))).toEqual([['mail', 'emergency', 'notice', 'emergency']]);
  });

  test('is sent to those whom a rung calls in the minute in which another raises, by the topic of what it is raised to', () => {
    const critical = [
      { afterMinutes: 5, raisesTo: 'emergency' },
      { afterMinutes: 5, level: 'management' },
    ] as const;
    const rules = { ...usualRules, ladders: { warning: [], critical, emergency: [] } };
    const [message] = planTest(asked, { ...rules, reach: reachWith({}, {}, { management: ['text'] }) }, nowMs);
    expect(message?.destination).toMatchObject({ endpoints: ['text'], topic: 'emergency' });
  });

  test('is mild where only what is no fault is told', () => {
    expect(told(reachWith({}, { maintenance: ['mail'], operations: ['text'] }))).toEqual([
      ['text', 'operations', 'notice', 'notice'],
      ['mail', 'maintenance', 'notice', 'notice'],
    ]);
  });

  test('says who asked, and that nothing is wrong', () => {
    const [message] = testsOf(reachWith({ warning: ['mail'] }));
    expect(message?.page).toMatchObject({
      kind: 'test',
      says: 'alice asked for a test of this channel: nothing is wrong, and nobody needs to answer.',
      facts: [],
    });
  });

  test('reaches nobody where nobody is reached', () => expect(testsOf(reachWith({}))).toEqual([]));
});

describe('at a pager a test', () => {
  const planned = testsOf(reachWith({ critical: ['pager'] }));
  const settle = (result: 'delivered' | 'refused') => {
    const tried = result === 'delivered' ? ({ result } as const) : ({ result, why: '400' } as const);
    const claimed = planned.map((one) => ({ ...one, claim: { by: 'run', untilMs: nowMs + minuteMs } }));
    return settleMessage(claimed, planned[0]?.id ?? '', 'run', tried, nowMs);
  };
  const endAt = (outbox: readonly Message[], minutes: number) =>
    sweepOutbox(outbox, new Set(), nowMs + minutes * minuteMs).outbox.find(({ action }) => action === 'resolve');

  test('is ended five minutes later, in its own lane', () => {
    expect(planned.map(({ action, dueAtMs }) => [action, dueAtMs - nowMs])).toEqual([
      ['trigger', 0],
      ['resolve', 5 * minuteMs],
    ]);
    expect(new Set(planned.map(({ key }) => key)).size).toBe(1);
    expect(endAt(settle('delivered'), 6)).not.toHaveProperty('outcome');
  });

  test('has an end before it has begun, which waits for it', () => {
    expect(endAt(planned, 0)).not.toHaveProperty('outcome');
  });

  test('that was refused needs no end', () =>
    expect(endAt(settle('refused'), 0)).toMatchObject({ outcome: 'dropped' }));

  test('that nobody could send until its end is due is not sent any more', () => {
    expect(sweepOutbox(planned, new Set(), nowMs + 5 * minuteMs).outbox.map(({ outcome }) => outcome)).toEqual([
      'dropped',
      'dropped',
    ]);
  });
});

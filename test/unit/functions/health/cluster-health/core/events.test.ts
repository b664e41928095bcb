import { expect, test } from 'vitest';
import { planDiagnosis } from '../../../../../../functions/health/cluster-health/core/diagnosis.ts';
import { planChangeEvents, planOtherEvents } from '../../../../../../functions/health/cluster-health/core/events.ts';
import type { Change } from '../../../../../../functions/health/cluster-health/core/offer.ts';
import { minuteMs, noonMs } from '../../../../../support/health/builders.ts';
import { wordsOf } from '../../../../../support/health/bus.ts';
import { found, generousRoom, healthVerdict } from '../../../../../support/health/verdict.ts';

const change = (subject: string, more: Partial<Change> = {}): Change => ({
  kind: 'opened',
  key: `disk-used|${subject}`,
  severity: 'warning',
  sinceMs: noonMs - minuteMs,
  atMs: noonMs,
  finding: found(subject),
  ...more,
});
const of = (verdict: ReturnType<typeof healthVerdict>) =>
  wordsOf(planChangeEvents(verdict, planDiagnosis(verdict, undefined, generousRoom)));

test('each change is an event of its own, in their order, with when it began, when it was seen, and the diagnosis', () => {
  const over = found('broker 2', { severity: 'ok' });
  const verdict = healthVerdict({
    changes: [change('broker 1'), change('broker 2', { kind: 'closed', finding: over, atMs: noonMs - 5 * minuteMs })],
    findings: [found('broker 1')],
  });
  expect(of(verdict)).toMatchObject([
    {
      kind: 'finding',
      detail: {
        ...{ version: 1, cluster: 'orders', procedure: 'cluster-health', runId: 'run-1', atMs: noonMs },
        ...{ change: 'opened', sinceMs: noonMs - minuteMs, key: 'disk-used|broker 1', finding: found('broker 1') },
        diagnosis: { worst: 'warning', moreFindingCount: 0, findings: [{ subject: 'broker 1' }] },
      },
    },
    {
      kind: 'finding',
      // Seen by an earlier look, and not taken by the bus then.
      detail: { atMs: noonMs - 5 * minuteMs, change: 'closed', key: 'disk-used|broker 2', finding: over },
    },
  ]);
});

test('what is as it was says so, without a diagnosis, and the run says what it judged whole, and when it looked', () => {
  const verdict = healthVerdict({ judgedChecks: ['disk-used', 'cluster-state'] });
  const unchanged = [{ finding: found('broker 1'), sinceMs: noonMs - 60 * minuteMs }];
  const words = wordsOf(planOtherEvents(verdict, unchanged));
  expect(words).toMatchObject([
    { kind: 'finding', detail: { change: 'still', sinceMs: noonMs - 60 * minuteMs, key: 'disk-used|broker 1' } },
    {
      kind: 'report',
      detail: {
        atMs: noonMs,
        report: { depth: 'light', worst: 'warning', judgedChecks: ['disk-used', 'cluster-state'], lookedAtMs: noonMs },
      },
    },
  ]);
  expect(words[0]?.detail).not.toHaveProperty('diagnosis');
});

test('each event says which of its words are names, where one could be taken for a secret', () => {
  const names = ['payment-token'];
  const verdict = healthVerdict({ changes: [change('broker 1')], names });
  const unchanged = [{ finding: found('broker 2'), sinceMs: noonMs }];
  const words = [...of(verdict), ...wordsOf(planOtherEvents(verdict, unchanged))];
  expect(words.map(({ detail }) => 'names' in detail && detail.names)).toEqual([names, names, names]);
});

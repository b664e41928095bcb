import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareWithHistory } from '../../../../../../functions/health/cluster-health/core/changes.ts';
import { type Finding, findingKey, severities } from '../../../../../../shared/core/finding.ts';
import { evaluateUnknownStreaks } from '../../../../../../shared/core/unknown-streak.ts';
import { cases } from '../../../../../support/depth.ts';
import { healthState, minuteMs, noonMs } from '../../../../../support/health/builders.ts';

const ofBroker2 = (severity: Finding['severity']): Finding => ({
  check: 'disk-used',
  subject: 'broker 2',
  severity,
  reason: `is-${severity}`,
  message: `it is ${severity}`,
  sources: ['cloudwatch'],
  evidence: {},
});

const anyFinding = fc.record({
  check: fc.constantFrom('disk-used', 'topic-flow', 'broker-answers'),
  subject: fc.constantFrom('broker 1', 'broker 2', 'topic orders', 'cluster'),
  severity: fc.constantFrom(...severities),
});

test('whatever a run leaves out, and says so, closes nothing, and keeps for how long it has been unknown', () => {
  const run = fc.uniqueArray(fc.tuple(anyFinding, fc.boolean()), {
    selector: ([one]) => findingKey(one),
    maxLength: 12,
  });
  fc.assert(
    fc.property(run, run, (before, now) => {
      const findingOf = ([one]: (typeof before)[number]): Finding => ({ ...ofBroker2(one.severity), ...one });
      const first = before.map(findingOf);
      const { openByKey } = compareWithHistory(first, [], healthState(), { runId: 'run-1', atMs: noonMs });
      const { streaks } = evaluateUnknownStreaks(first, {}, 'run-1');
      const kept = now.filter(([, isKept]) => isKept).map(findingOf);
      const seen = new Set(kept.map(findingKey));
      // Whatever the run before found and this one does not, it left out.
      const gone = first.filter((one) => !seen.has(findingKey(one)));
      const notJudged = gone.map(({ check, subject }) => ({ check, reason: `${subject}: left out` }));
      const look = { runId: 'run-2', atMs: noonMs + minuteMs };
      const after = compareWithHistory(kept, notJudged, healthState({ openByKey }), look);
      const streaksAfter = evaluateUnknownStreaks(kept, streaks, 'run-2', notJudged).streaks;
      expect(after.changes.filter((change) => change.kind === 'closed' && !seen.has(change.key))).toEqual([]);
      for (const key of gone.map(findingKey)) {
        expect(after.openByKey[key]).toEqual(openByKey[key]);
        expect(streaksAfter[key]).toEqual(streaks[key]);
      }
    }),
    cases(500, 20_000),
  );
});

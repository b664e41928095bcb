import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, compareWithHistory } from '../../../../../../functions/health/cluster-health/core/changes.ts';
import type { NotJudged } from '../../../../../../functions/health/cluster-health/core/judgement.ts';
import { confirmAnnouncing, type HealthState } from '../../../../../../functions/health/cluster-health/core/memory.ts';
import { type Finding, type Severity, severities } from '../../../../../../shared/core/finding.ts';
import { evaluateUnknownStreaks } from '../../../../../../shared/core/unknown-streak.ts';
import { cases } from '../../../../../support/depth.ts';
import { healthState, minuteMs, noonMs } from '../../../../../support/health/builders.ts';

const key = 'disk-used|broker 2';
const ofBroker2 = (severity: Severity, evidence: Finding['evidence'] = {}): Finding => ({
  check: 'disk-used',
  subject: 'broker 2',
  severity,
  reason: `is-${severity}`,
  message: `it is ${severity}`,
  sources: ['cloudwatch'],
  evidence,
});
const ofBroker1: Finding = { ...ofBroker2('ok'), subject: 'broker 1' };

const leftOut: NotJudged = { check: 'disk-used', reason: 'too early to say it of broker 2' };

/** What a run finds of one key. */
type Found = {
  readonly what: string;
  readonly findings: readonly Finding[];
  readonly notJudged?: readonly NotJudged[];
  readonly isOver: boolean;
};

const founds: readonly Found[] = [
  ...severities.map((severity) => ({
    what: severity,
    findings: [ofBroker2(severity)],
    isOver: severity === 'ok',
  })),
  {
    what: 'unknown for long',
    findings: [ofBroker2('warning', { unknownRuns: 3, unknownReason: 'no-data' })],
    isOver: false,
  },
  { what: 'held', findings: [ofBroker2('critical', { heldByWindow: 'nightly' })], isOver: false },
  { what: 'no subject any more', findings: [ofBroker1], isOver: true },
  { what: 'not judged', findings: [], isOver: false },
  { what: 'left out beside another subject', findings: [ofBroker1], notJudged: [leftOut], isOver: false },
  { what: 'no subject of a check that is unknown', findings: [{ ...ofBroker1, severity: 'unknown' }], isOver: false },
];

/** One run after another, from an empty memory: what each changed, and the topics of it that took nothing. */
function tellOneAfterAnother(
  runs: readonly { readonly found: Found; readonly failing: readonly Severity[] }[],
  check: (run: {
    readonly found: Found;
    readonly changes: readonly Change[];
    readonly failing: readonly Severity[];
  }) => void,
): void {
  let state: HealthState = healthState();
  for (const [index, { found, failing }] of runs.entries()) {
    const before = state.openByKey[key];
    const { openByKey, changes } = compareWithHistory(
      found.findings,
      found.notJudged ?? [],
      state,
      noonMs + index * 5 * minuteMs,
    );
    const claim = changes.map(() => (before === undefined ? ([key] as const) : ([key, before] as const)));
    const untold = changes.filter(({ toldTo }) => toldTo.some((severity) => failing.includes(severity)));
    state = confirmAnnouncing({ ...state, openByKey }, claim, new Set(untold.map((change) => change.key)));
    check({ found, changes, failing });
  }
}

const sequence = (failing: fc.Arbitrary<readonly Severity[]>) =>
  fc.array(fc.record({ found: fc.constantFrom(...founds), failing }), { maxLength: 25 });

test('whatever a finding goes through, who was told of it as open is told once that it is over, and nobody else', () => {
  fc.assert(
    fc.property(sequence(fc.constant([])), (runs) => {
      const openTo = new Set<Severity>();
      tellOneAfterAnother(runs, ({ found, changes }) => {
        expect(changes.length).toBeLessThanOrEqual(1);
        const waiting = new Set(openTo);
        const [change] = changes;
        if (change?.kind === 'eased') {
          expect(change.toldTo).not.toEqual([]);
          expect(change.toldTo.filter((severity) => !waiting.has(severity))).toEqual([]);
        } else if (change?.kind === 'closed') {
          expect(found.isOver).toBe(true);
          expect(change.toldTo.toSorted()).toEqual([...waiting].toSorted());
          openTo.clear();
        } else if (change !== undefined) {
          expect(change.kind === 'opened').toBe(waiting.size === 0);
          for (const severity of change.toldTo) openTo.add(severity);
        }
        if (found.isOver) expect(openTo).toEqual(new Set());
      });
    }),
    cases(500, 20_000),
  );
});

test('where topics take nothing now and then, who heard of it hears at least once that it is over, and nobody else', () => {
  const failing = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([...severities]) },
  );
  const isOver = founds.find(({ what }) => what === 'ok');
  if (isOver === undefined) throw new Error('no run finds it ok');
  fc.assert(
    fc.property(sequence(failing), (runs) => {
      const openTo = new Set<Severity>();
      const everHeard = new Set<Severity>();
      tellOneAfterAnother([...runs, { found: isOver, failing: [] }], ({ changes, failing: deaf }) => {
        for (const { kind, toldTo } of changes) {
          for (const severity of toldTo.filter((one) => !deaf.includes(one))) {
            if (kind === 'closed') {
              expect(everHeard).toContain(severity);
              openTo.delete(severity);
            } else if (kind !== 'eased') {
              everHeard.add(severity);
              openTo.add(severity);
            }
          }
        }
      });
      expect(openTo).toEqual(new Set());
    }),
    cases(500, 20_000),
  );
});

const anyFinding = fc.record({
  check: fc.constantFrom('disk-used', 'topic-flow', 'broker-answers'),
  subject: fc.constantFrom('broker 1', 'broker 2', 'topic orders', 'cluster'),
  severity: fc.constantFrom(...severities),
});

test('whatever a run leaves out, and says so, closes nothing, and keeps for how long it has been unknown', () => {
  const keyOf = ({ check, subject }: Pick<Finding, 'check' | 'subject'>) => `${check}|${subject}`;
  const run = fc.uniqueArray(fc.tuple(anyFinding, fc.boolean()), { selector: ([one]) => keyOf(one), maxLength: 12 });
  fc.assert(
    fc.property(run, run, (before, now) => {
      const findingOf = ([one]: (typeof before)[number]): Finding => ({ ...ofBroker2(one.severity), ...one });
      const first = before.map(findingOf);
      const { openByKey } = compareWithHistory(first, [], healthState(), noonMs);
      const { streaks } = evaluateUnknownStreaks(first, {}, 'run-1');
      const kept = now.filter(([, isKept]) => isKept).map(findingOf);
      const seen = new Set(kept.map(keyOf));
      // Whatever the run before found and this one does not, it left out.
      const gone = first.filter((one) => !seen.has(keyOf(one)));
      const notJudged = gone.map(({ check, subject }) => ({ check, reason: `${subject}: left out` }));
      const after = compareWithHistory(kept, notJudged, healthState({ openByKey }), noonMs + minuteMs);
      const streaksAfter = evaluateUnknownStreaks(kept, streaks, 'run-2', notJudged).streaks;
      expect(after.changes.filter((change) => change.kind === 'closed' && !seen.has(change.key))).toEqual([]);
      for (const key of gone.map(keyOf)) {
        expect(after.openByKey[key]).toEqual(openByKey[key]);
        expect(streaksAfter[key]).toEqual(streaks[key]);
      }
    }),
    cases(500, 20_000),
  );
});

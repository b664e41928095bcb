import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareWithHistory } from '../../../../../functions/health/cluster-health/core/changes.ts';
import {
  type ClusterHealth,
  evaluateClusterHealth,
} from '../../../../../functions/health/cluster-health/core/evaluate.ts';
import type { NotJudged } from '../../../../../functions/health/cluster-health/core/judgement.ts';
import { isUnjudged } from '../../../../../functions/health/cluster-health/core/memory.ts';
import type { Change } from '../../../../../functions/health/cluster-health/core/offer.ts';
import { tellOnce } from '../../../../../functions/health/cluster-health/tell-once.ts';
import {
  compareSeverities,
  type Finding,
  findingKey,
  type Severity,
  severities,
} from '../../../../../shared/core/finding.ts';
import { known } from '../../../../../shared/core/known.ts';
import { cases } from '../../../../support/depth.ts';
import { healthExpectation, healthObservation, minuteMs, noonMs } from '../../../../support/health/builders.ts';
import { healthPorts, outside } from '../../../../support/health/health-ports.ts';

/** Where a run dies, or does not. */
const deaths = ['never', 'before it wrote', 'before it told', 'as it told', 'before it confirmed'] as const;

type Run = {
  readonly findings: readonly Finding[];
  readonly leftOut: readonly NotJudged[];
  readonly death: (typeof deaths)[number];
  /** Of the bus, by the places of the changes, again and again. */
  readonly refuses: readonly boolean[];
  readonly afterMs: number;
  /** It begins and ends while the run before it tells, if that one does. */
  readonly isMeanwhile: boolean;
};

const of = (check: string, subject: string, severity: Severity, evidence: Finding['evidence'] = {}): Finding => ({
  ...{ check, subject, severity, reason: `is-${severity}`, message: `it is ${severity}` },
  ...{ sources: ['cloudwatch'], evidence },
});

/** One finding of a subject, unknown for long among them; or none, as of a subject that is gone. */
const anyOf = (check: string, subject: string): fc.Arbitrary<readonly Finding[]> =>
  fc.oneof(
    fc.constantFrom(...severities).map((severity) => [of(check, subject, severity)]),
    fc.constant([of(check, subject, 'warning', { unknownRuns: 3, unknownReason: 'no-data' })]),
    fc.constant([]),
  );

/** A check of two subjects that each look judges in part or whole, and one that not every look judges. */
const anyRun = (
  death: fc.Arbitrary<Run['death']>,
  refuses: fc.Arbitrary<Run['refuses']>,
  isMeanwhile: fc.Arbitrary<boolean>,
): fc.Arbitrary<Run> =>
  fc
    .record({
      disks: fc.tuple(anyOf('disk-used', 'broker 1'), anyOf('disk-used', 'broker 2')),
      daily: fc.option(anyOf('alarm-coverage', 'cluster'), { nil: [] }),
      isLeftOut: fc.boolean(),
      death,
      refuses,
      isMeanwhile,
      afterMs: fc.constantFrom(5 * minuteMs, 20_000),
    })
    .map(({ disks, daily, isLeftOut, ...rest }) => ({
      ...rest,
      findings: [...disks.flat(), ...daily],
      leftOut: isLeftOut ? [{ check: 'disk-used', reason: 'too early to say it of one' }] : [],
    }));

const blank = evaluateClusterHealth(healthObservation(), healthExpectation(), { limits: {}, floors: {} });
const isBad = (severity: Severity): boolean => compareSeverities(severity, 'notice') >= 0;

/** How a finding stands by all looks that were remembered: worked out by hand, and not by the code. */
type Truth = Map<string, { readonly severity: Severity; readonly sinceMs: number }>;

function learn(truth: Truth, { findings, leftOut }: Run, nowMs: number): void {
  for (const one of findings) {
    const before = truth.get(findingKey(one));
    if (one.severity === 'ok') truth.delete(findingKey(one));
    else if (isBad(one.severity)) {
      const isLess = isUnjudged(one) && before !== undefined && compareSeverities(one.severity, before.severity) < 0;
      if (!isLess) truth.set(findingKey(one), { severity: one.severity, sinceMs: before?.sinceMs ?? nowMs });
    }
  }
  for (const key of [...truth.keys()]) {
    const check = key.split('|', 1)[0];
    const ofCheck = findings.filter((one) => one.check === check);
    const isWhole = ofCheck.length > 0 && !ofCheck.some(isUnjudged) && leftOut.every((one) => one.check !== check);
    if (isWhole && ofCheck.every((one) => findingKey(one) !== key)) truth.delete(key);
  }
}

class Killed extends Error {}

/** Runs over one memory, one after another or while another tells: what the bus took, and how all truly stands. */
async function play(runs: readonly Run[], check: (offered: readonly Change[], truth: Truth) => void) {
  const kept = outside();
  const truth: Truth = new Map();
  const taken: Change[] = [];
  let nowMs = noonMs;
  let next = 0;

  async function playNext(): Promise<void> {
    const run = runs[next];
    if (run === undefined) return;
    const runId = `run-${next}`;
    next += 1;
    nowMs += run.afterMs;
    const atMs = nowMs;
    let writes = 0;
    const ports = healthPorts(kept);
    const applyState: typeof ports.applyState = async (state, condition) => {
      writes += 1;
      const isKilled = run.death === 'before it wrote' || (run.death === 'before it confirmed' && writes === 2);
      if (isKilled) throw new Killed();
      const written = await ports.applyState(state, condition);
      if (writes === 1) learn(truth, run, atMs);
      return written;
    };
    const judge = ({ previous }: Parameters<Parameters<typeof tellOnce>[2]>[0]): ClusterHealth => {
      const before = previous.isKnown ? previous.value : undefined;
      return { ...blank, ...compareWithHistory(run.findings, run.leftOut, before, { runId, atMs }) };
    };
    const tell = async ({ health: { changes } }: { readonly health: ClusterHealth }) => {
      if (run.death === 'before it told') throw new Killed();
      check(changes, truth);
      if (runs[next]?.isMeanwhile === true) await playNext();
      const took = changes.filter((_change, place) => !(run.refuses[place % run.refuses.length] ?? false));
      taken.push(...took);
      if (run.death === 'as it told') throw new Killed();
      return { undelivered: [], takenKeys: new Set(took.map(({ key }) => key)) };
    };
    try {
      await tellOnce(healthObservation({ runId, nowMs: atMs }), known(kept.stored), judge, tell, {
        ...ports,
        applyState,
      });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  while (next < runs.length) await playNext();
  return { taken, truth, state: kept.stored?.value };
}

/** What is told is so: nothing is over that is open, nothing is worse or milder than it is, or began at another time. */
function expectTrue(offered: readonly Change[], truth: Truth): void {
  for (const { kind, key, sinceMs, finding } of offered) {
    const now = truth.get(key);
    expect(findingKey(finding)).toBe(key);
    if (kind === 'closed') expect([key, now, finding.severity]).toEqual([key, undefined, 'ok']);
    else expect([key, now]).toEqual([key, { severity: finding.severity, sinceMs }]);
  }
}

/** Two more runs that judge nothing, of which the bus takes everything: the second is due where somebody died a moment ago. */
const nothing: Omit<Run, 'afterMs'> = {
  findings: [],
  leftOut: [],
  death: 'never',
  refuses: [false],
  isMeanwhile: false,
};
const atLast: readonly Run[] = [
  { ...nothing, afterMs: 20_000 },
  { ...nothing, afterMs: 5 * minuteMs },
];

test('whatever the bus refuses, wherever runs die and meet, each change reaches it at least once, and only what is so', async () => {
  const refuses = fc.array(fc.boolean(), { minLength: 1, maxLength: 3 });
  const runs = fc.array(anyRun(fc.constantFrom('never', ...deaths), refuses, fc.boolean()), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(runs, async (some) => {
      const { taken, truth, state } = await play([...some, ...atLast], expectTrue);
      expect(state?.untoldByKey).toEqual({});
      for (const key of new Set([...truth.keys(), ...taken.map((one) => one.key)])) {
        // Events may come in any order: the newest look's counts.
        const last = taken
          .filter((one) => one.key === key)
          .toSorted((left, right) => left.atMs - right.atMs)
          .at(-1);
        const now = truth.get(key);
        if (now === undefined) expect([key, last?.kind]).toEqual([key, 'closed']);
        else expect([key, last?.finding.severity, last?.sinceMs]).toEqual([key, now.severity, now.sinceMs]);
      }
    }),
    cases(1_000, 30_000),
  );
});

test('where the bus takes everything and no run dies, each change is told once', async () => {
  const runs = fc.array(anyRun(fc.constant('never'), fc.constant([false]), fc.constant(false)), { maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(runs, async (some) => {
      const before = new Map<string, Severity>();
      await play(some, (offered, truth) => {
        for (const { kind, key, finding } of offered) {
          const was = before.get(key);
          const order = was === undefined ? undefined : compareSeverities(finding.severity, was);
          const expected =
            order === undefined ? 'opened' : finding.severity === 'ok' ? 'closed' : order > 0 ? 'worse' : 'eased';
          expect([key, kind, order]).toEqual([key, expected, order === 0 ? 'a change' : order]);
        }
        const changed = [...new Set([...before.keys(), ...truth.keys()])].filter(
          (key) => before.get(key) !== truth.get(key)?.severity,
        );
        expect(offered.map(({ key }) => key).toSorted()).toEqual(changed.toSorted());
        before.clear();
        for (const [key, { severity }] of truth) before.set(key, severity);
      });
    }),
    cases(500, 20_000),
  );
});

import { type BusEvent, findingEventOf, reportEventOf } from '../../../../shared/core/bus-event.ts';
import type { Diagnosis } from '../../../../shared/core/diagnosis.ts';
import type { Unchanged } from './offer.ts';
import type { HealthVerdict } from './report.ts';

/** Every document that tells of a verdict says which of its words are names. */
const namesOf = ({ names }: HealthVerdict) => (names === undefined ? {} : { names });

/**
 * What changed, one event a change and in their order, the worst first. Each says when the look began that found it, which for
 * what is repeated is an earlier one, and what this run makes of everything.
 */
export const planChangeEvents = (verdict: HealthVerdict, diagnosis: Diagnosis): readonly BusEvent[] =>
  verdict.changes.map(({ kind: change, atMs, sinceMs, finding }) =>
    findingEventOf(verdict, atMs, { change, sinceMs, finding, diagnosis, ...namesOf(verdict) }),
  );

/** What is open and as it was, one event a finding, and one for the run, whatever it found. */
export function planOtherEvents(verdict: HealthVerdict, unchanged: readonly Unchanged[]): readonly BusEvent[] {
  const { lookedAtMs, depth, worst, countBySeverity, sources, judgedChecks, names } = verdict;
  return [
    ...unchanged.map((one) => findingEventOf(verdict, lookedAtMs, { change: 'still', ...one, ...namesOf(verdict) })),
    reportEventOf(verdict, lookedAtMs, { depth, worst, countBySeverity, sources, judgedChecks, lookedAtMs }, names),
  ];
}

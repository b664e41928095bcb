import type { FindingDetail } from '../../../shared/core/bus-event.ts';
import type { Diagnosis } from '../../../shared/core/diagnosis.ts';
import type { OwnAlarms } from '../../../shared/core/own-alarms.ts';
import type { AlarmWake } from '../../../shared/events/alarm.ts';
import type { BusWord } from '../../../shared/events/bus-events.ts';
import { namesIn } from '../../../shared/text/names.ts';
import { type Heard, nothingHeard } from './core/advance.ts';
import { alarmSaidOf } from './core/alarm-names.ts';
import type { Diagnosis as KeptDiagnosis } from './core/document.ts';
import { causeAlone, titleOfCause } from './core/explain.ts';
import { checksOfRule } from './core/judged-by.ts';
import type { NoticeSaid } from './core/notices.ts';
import { diagnosisOf, wordOfAlarm, wordOfFinding } from './core/said.ts';
import type { Look, Word } from './core/words.ts';
import { workOfNotice } from './core/work-of-notice.ts';
import type { Work } from './core/works.ts';

const procedure = 'incident';

const namedIn = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** What of a look's diagnosis people read first: brokers, partitions and topics by name. */
function affectedOf({
  affected,
  offline,
  underReplicated,
}: NonNullable<Extract<BusWord, { kind: 'finding' }>['detail']['diagnosis']>) {
  const partitions = (of: typeof offline, what: string): readonly string[] =>
    of === undefined || of.count === 0
      ? []
      : [
          `${of.count} partitions ${what}: ${namedIn(
            of.named.map(({ topic, partition }) => `${topic}-${partition}`),
            5,
          )}`,
        ];
  return [
    ...(affected.brokers === undefined || affected.brokers.length === 0
      ? []
      : [`brokers: ${namedIn(affected.brokers.map(String), 10)}`]),
    ...partitions(offline, 'without a leader'),
    ...partitions(underReplicated, 'under-replicated'),
    ...(affected.groups === undefined || affected.groups.length === 0
      ? []
      : [`groups: ${namedIn(affected.groups, 5)}`]),
  ];
}

/**
 * What MSK does with the cluster, by the look that found the symptom: its own event may come behind the one of a broker that MSK
 * restarts, and somebody would have been called by then.
 */
const statesIn = (
  { procedure: speaker, atMs }: FindingDetail,
  { findings }: Pick<Diagnosis, 'findings'>,
): readonly Word[] =>
  findings
    .filter(({ check }) => check === 'cluster-state')
    .map((finding) => wordOfFinding({ procedure: speaker, atMs, sinceMs: atMs, isClosed: false, finding }));

/** The fault that a diagnosis is about: the one that the look proves, else that of the worst finding, whose next step it tells. */
function titleIn({ suspected, findings: [worst] }: Diagnosis): string | undefined {
  if (suspected !== undefined || worst === undefined) return suspected;
  return titleOfCause(causeAlone({ ...worst, by: 'finding', brokers: [] }));
}

/** Everything that a batch of messages says, in incident's own words. */
export function heardOf(said: readonly (AlarmWake | BusWord)[], own: OwnAlarms): Heard {
  const words: Word[] = [];
  const looks: Look[] = [];
  const notices: NoticeSaid[] = [];
  const works: Work[] = [];
  const diagnoses = new Map<string, KeptDiagnosis>();
  for (const one of said) {
    switch (one.kind) {
      case 'alarm': {
        const { alarmName: name, state, changedAtMs } = one;
        const alarm = alarmSaidOf(own, procedure, { name, state, changedAtMs });
        if (alarm === undefined) break;
        words.push(wordOfAlarm(alarm, checksOfRule(alarm.owner, alarm.rule).length > 0, false));
        break;
      }
      case 'finding': {
        const { procedure: speaker, atMs, change, sinceMs, finding, diagnosis, names = [] } = one.detail;
        const isClosed = change === 'closed';
        const word = wordOfFinding({ procedure: speaker, atMs, sinceMs, isClosed, finding, names });
        words.push(change === 'worse' ? { ...word, isWorse: true } : word);
        if (diagnosis === undefined) break;
        words.push(...statesIn(one.detail, diagnosis));
        // What a look makes of an end is about all else, or nothing at all.
        if (isClosed) break;
        const of = titleIn(diagnosis);
        const affected = affectedOf(diagnosis);
        const { next } = diagnosis;
        diagnoses.set(
          word.key,
          diagnosisOf(atMs, { ...(of !== undefined && { of }), affected, next, names: namesIn({ diagnosis, names }) }),
        );
        break;
      }
      case 'report': {
        const { procedure: speaker, report } = one.detail;
        looks.push({ procedure: speaker, atMs: report.lookedAtMs, judgedChecks: report.judgedChecks });
        break;
      }
      case 'notice': {
        const { procedure: speaker, atMs, notice } = one.detail;
        const { isIntent = false, names = [], dealing: _work, ...rest } = notice;
        notices.push({ ...rest, procedure: speaker, atMs, names, isIntent });
        const work = workOfNotice(one.detail);
        if (work !== undefined) works.push(work);
        break;
      }
      default:
        one satisfies never;
    }
  }
  return { ...nothingHeard, words, looks, works, notices, diagnoses };
}

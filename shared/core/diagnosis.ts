import type { Finding, Severity } from './finding.ts';

/** A partition as a page names it. `leaderId` is absent where nobody leads it. */
export type NamedPartition = { readonly topic: string; readonly partition: number; readonly leaderId?: number };

/** How many partitions, and the first of them by topic and number. */
type NamedPartitions = { readonly count: number; readonly named: readonly NamedPartition[] };

/** What is affected, by the findings of the run that are bad: how many, and the worst by name. Absent: none was judged. */
export type Affected = {
  readonly brokerCount?: number;
  readonly brokers?: readonly number[];
  readonly topicCount?: number;
  readonly topics?: readonly string[];
  readonly groupCount?: number;
  readonly groups?: readonly string[];
};

/** A finding as a diagnosis has room for it: long texts end with `…`, and of the evidence the first few stand. */
export type DiagnosedFinding = Pick<
  Finding,
  'check' | 'subject' | 'severity' | 'reason' | 'message' | 'sources' | 'evidence'
>;

/**
 * What one run makes of everything that it found, for the page that its events bring about (I5): short enough for each of
 * them, `diagnosisBytes` at most.
 *
 * @property at when the look began, ISO 8601
 * @property depth what was asked: `light`, `full`
 * @property sources what each source did: `answered`, `not asked`, or the call that failed and how
 * @property offline,underReplicated absent where no list of partitions was had: then nobody knows which
 * @property findings worst first, none that is ok; `moreFindingCount` did not fit
 * @property suspected the worst fault that a finding proves: `broker 2 is down`; absent where none proves one
 * @property next what a person does first, with the command
 */
export type Diagnosis = {
  readonly at: string;
  readonly depth: string;
  readonly worst: Severity;
  readonly sources: Readonly<Record<string, string>>;
  readonly affected: Affected;
  readonly offline?: NamedPartitions;
  readonly underReplicated?: NamedPartitions;
  readonly findings: readonly DiagnosedFinding[];
  readonly moreFindingCount: number;
  readonly suspected?: string;
  readonly next: string;
};

/** As JSON in UTF-8, as it lies on the bus. */
export const diagnosisBytes = 20 * 1024;

/** How bad it is: P3, which pages nobody and is told all the same, P2, P1, P0. */
export type PageSeverity = 'notice' | 'warning' | 'critical' | 'emergency';

/**
 * What a message to people says, before it is made text for a channel. Names of the cluster may stand in every text: they are
 * escaped where a channel's text is made, and nowhere before.
 *
 * @property cluster its key in mskeeper.yml
 * @property region @property accountId where it lies: many stacks may share a channel, and call two clusters the same
 * @property incidentId of the cluster's incidents; of a notice its key
 * @property kind why it is sent; `test` is asked for by a person
 * @property title what it is about: `broker 2 is down`
 * @property says one sentence: what this message adds
 * @property startedAtMs since when it is so, by the earliest word
 * @property openedAtMs when people were first paged
 * @property answerByMs until when somebody must have answered (RUNBOOK section 1)
 * @property facts worst first, each with what said it
 * @property moreFactCount facts that are known and not among these
 * @property tried what was done or asked already
 * @property nextCommand what to do or run first
 * @property runbook page of the runbook
 * @property contacts whom to call, roles only
 * @property names the cluster's names that stand in the texts
 * @property rung by which step of the ladder it goes out, and to whom
 * @property isRepeated a message whose first sending may have arrived
 * @property again the same fault ended within the last day, and then
 */
export type Page = {
  readonly cluster: string;
  readonly region: string;
  readonly accountId: string;
  readonly incidentId: string;
  readonly severity: PageSeverity;
  readonly kind: 'opened' | 'raised' | 'rung' | 'update' | 'rerooted' | 'joined' | 'closed' | 'notice' | 'test';
  readonly title: string;
  readonly says: string;
  readonly atMs: number;
  readonly startedAtMs: number;
  readonly openedAtMs?: number;
  readonly answerByMs?: number;
  readonly facts: readonly { readonly text: string; readonly source: string }[];
  readonly moreFactCount: number;
  readonly tried: readonly string[];
  readonly nextCommand: string;
  readonly runbook: string;
  readonly contacts: readonly string[];
  readonly names: readonly string[];
  readonly rung?: { readonly afterMinutes: number; readonly whom: string };
  readonly isRepeated?: boolean;
  readonly again?: { readonly endedAtMs: number };
};

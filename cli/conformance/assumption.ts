import type { Answered } from '../../shared/core/known.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { Evidence } from './evidence.ts';

/**
 * Where an assumption comes from. `memory`: nobody found a document. `inference`: concluded from documents. `old-document`:
 * AWS's own text of 2023, not looked at since. `sighting`: seen in examples, and nowhere said to be all there is. `guess`: documented
 * nowhere that we looked, and remembered by nobody.
 */
export type AssumptionSource = 'memory' | 'inference' | 'old-document' | 'sighting' | 'guess';

/** What the account shows of an assumption. `not-seen` is no proof of either. */
export type Outcome = { readonly verdict: 'proved' | 'refuted' | 'not-seen'; readonly evidence: string };

/**
 * A fact about AWS that the code relies on and nobody has seen.
 *
 * @property id kebab-case, unique
 * @property claim what is taken to be so
 * @property reliesOn files of this repository that would be wrong
 * @property checkedBy the call whose answer shows it, or what a person must do
 */
export type Assumption = {
  readonly id: string;
  readonly claim: string;
  readonly source: AssumptionSource;
  readonly reliesOn: readonly string[];
  readonly checkedBy: string;
  readonly judge: (evidence: Evidence, context: StackContext) => Outcome;
};

export const proved = (evidence: string): Outcome => ({ verdict: 'proved', evidence });
export const refuted = (evidence: string): Outcome => ({ verdict: 'refuted', evidence });
export const notSeen = (evidence: string): Outcome => ({ verdict: 'not-seen', evidence });

/** At most five, so that a line stays a line. */
export const listed = (items: readonly (string | number)[]): string =>
  items.length <= 5 ? items.join(', ') : `${items.slice(0, 5).join(', ')} and ${items.length - 5} more`;

/** Judges an answer that came; one that did not shows nothing. */
export const onKnown = <Value>(fetched: Answered<Value>, judge: (value: Value) => Outcome): Outcome =>
  fetched.isKnown ? judge(fetched.value) : notSeen(fetched.why);

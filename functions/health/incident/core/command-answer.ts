import type { Judged } from './channels/judged.ts';
import type { ListedMessage } from './listed-message.ts';
import type { ListedIncident, Listing } from './listing.ts';
import type { Suspicion } from './suspicion.ts';

/** Why a command was not done. Nothing happened, but that it is kept and told as docs/security.md says. */
type Refusal = 'no-approvers' | 'sts-away' | 'unnamed' | 'not-kept' | 'no-such-incident' | Suspicion['because'];

/** @property why for whoever gave it: what to do */
export type Refused = { readonly because: Refusal; readonly why: string };

/** What one endpoint made of a test. @property kind the endpoint's */
export type ChannelTest = Pick<ListedMessage, 'outcome' | 'provesArrival' | 'why'> & {
  readonly endpoint: string;
  readonly kind: string;
};

/** What a look made of one endpoint. @property says what is wrong, why nobody knows, or what a look cannot prove */
export type ChannelLooked = Pick<Judged, 'endpoint' | 'kind' | 'state'> & { readonly says?: string };

/** What whoever commands is told. */
export type CommandAnswer =
  | { readonly outcome: 'listed'; readonly listing: Listing }
  | { readonly outcome: 'done'; readonly by: string; readonly says: string; readonly incident?: ListedIncident }
  | {
      readonly outcome: 'tested';
      readonly by: string;
      readonly tests: readonly ChannelTest[];
      readonly looks: readonly ChannelLooked[];
    }
  | ({ readonly outcome: 'refused' } & Refused);

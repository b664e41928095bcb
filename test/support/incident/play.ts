import { advance, type Heard, nothingHeard, type Rules } from '../../../functions/health/incident/core/advance.ts';
import {
  emptyDocument,
  type Happening,
  type IncidentDocument,
} from '../../../functions/health/incident/core/document.ts';
import type { PagerWord } from '../../../functions/health/incident/core/ladder.ts';
import type { Message } from '../../../functions/health/incident/core/outbox.ts';
import type { Word } from '../../../functions/health/incident/core/words.ts';
import { at } from './builders.ts';
import { usualRules } from './rules.ts';

/** Steps of the pure core over one document, at minutes of one night; what it sends arrives at once, where nobody says else. */
export type Play = {
  document: IncidentDocument;
  pager: PagerWord | undefined;
  /** What becomes of each message as it is made. */
  deliver: (message: Message) => Message;
  /** Something is heard at a minute; nothing: it is the minute itself. */
  hear(minute: number, heard?: Partial<Heard>): readonly Happening[];
  say(minute: number, ...words: readonly Word[]): readonly Happening[];
  /** Every minute from the one to the other. */
  pass(from: number, to: number, heardAt?: (minute: number) => Partial<Heard>): readonly Happening[];
  /** Endpoints that were told to begin, with the key. */
  paged(): readonly string[];
  titles(): readonly string[];
};

export function openPlay(rules: Rules = usualRules): Play {
  const play: Play = {
    document: emptyDocument,
    pager: undefined,
    deliver: (message) => ({ ...message, tries: 1, outcome: 'delivered', outcomeAtMs: message.madeAtMs }),
    hear: (minute, heard = {}) => {
      const pagerByIncident = new Map(
        play.document.incidents.flatMap(({ id }) => (play.pager === undefined ? [] : [[id, play.pager] as const])),
      );
      const advanced = advance(play.document, { ...nothingHeard, ...heard }, rules, { pagerByIncident }, at(minute));
      play.document = {
        ...advanced.document,
        outbox: advanced.document.outbox.map((one) => (one.outcome === undefined ? play.deliver(one) : one)),
      };
      return advanced.happenings;
    },
    say: (minute, ...words) => play.hear(minute, { words }),
    pass: (from, to, heardAt = () => ({})) => {
      const happenings: Happening[] = [];
      for (let minute = from; minute <= to; minute += 1) happenings.push(...play.hear(minute, heardAt(minute)));
      return happenings;
    },
    paged: () =>
      play.document.outbox
        .filter(({ action }) => action === 'trigger')
        .flatMap(({ destination, key }) => destination.endpoints.map((name) => `${name} ${key}`)),
    titles: () => play.document.incidents.map(({ cause: { kind, of } }) => (of === '' ? kind : `${kind} ${of}`)),
  };
  return play;
}

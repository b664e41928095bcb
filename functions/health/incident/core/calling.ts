import { laneOf, type Message } from './outbox.ts';
import { type Destination, destinationsOf, isCaller, isWaking, type Reach } from './reach.ts';
import type { PagingSeverity } from './words.ts';

export type Draft = Pick<Message, 'destination' | 'key' | 'action'>;

/** What is mailed is what begins and what ends; what changes goes where it joins what is there. */
const hearsUpdates = ({ by }: Destination): boolean => by === 'endpoint';

/** Pages who was not paged of this incident yet, and tells the others what changed. */
export function page(
  endpoints: readonly string[],
  severity: PagingSeverity,
  key: string,
  triggers: readonly Message[],
  reach: Reach,
): readonly Draft[] {
  return [...begin(endpoints, severity, key, triggers, reach), ...update(triggers)];
}

const begin = (
  endpoints: readonly string[],
  severity: PagingSeverity,
  key: string,
  triggers: readonly Message[],
  reach: Reach,
): readonly Draft[] => {
  const paged = new Set(triggers.flatMap(({ destination }) => destination.endpoints));
  const fresh = endpoints.filter((name) => !paged.has(name));
  return destinationsOf(fresh, severity, reach).map((destination) => ({ destination, key, action: 'trigger' }));
};

/**
 * Calls whom a rung names. Where none of them is left who was not paged, they are paged once more under the rung's own key: what is
 * said under a key that is open wakes nobody, and a rung is there because nobody answered.
 */
export function call(
  endpoints: readonly string[],
  severity: PagingSeverity,
  key: string,
  triggers: readonly Message[],
  reach: Reach,
): readonly Draft[] {
  const begun = begin(endpoints, severity, key, triggers, reach);
  if (begun.length > 0) return [...begun, ...update(triggers)];
  const waking = endpoints.filter((name) => isWaking(name, reach));
  return anew(waking.length > 0 ? waking : endpoints, key, triggers);
}

/**
 * A worse severity wakes somebody, whoever is named for it: where nobody new is woken, those who were paged are once more, under a
 * key of their own. Where nobody is woken by anything, whoever is named hears it anew.
 */
export function rise(
  endpoints: readonly string[],
  severity: PagingSeverity,
  key: string,
  triggers: readonly Message[],
  reach: Reach,
): readonly Draft[] {
  const begun = begin(endpoints, severity, key, triggers, reach);
  const wakes = (name: string): boolean => isWaking(name, reach);
  if (begun.some(({ destination }) => destination.endpoints.some(wakes))) return [...begun, ...update(triggers)];
  const paged = triggers.flatMap(({ destination }) => destination.endpoints);
  const [waking = []] = [endpoints, paged].map((names) => names.filter(wakes)).filter(({ length }) => length > 0);
  if (waking.length === 0 && begun.length > 0) return [...begun, ...update(triggers)];
  return [...begun, ...anew(waking.length > 0 ? waking : endpoints, key, triggers)];
}

/** Pages these once more, by the way that reached them before, and tells the others what changed. */
function anew(names: readonly string[], key: string, triggers: readonly Message[]): readonly Draft[] {
  const begun = newestFirst(triggers).flatMap(({ destination, endpoints }): readonly Draft[] => {
    const to = narrowed(
      destination,
      endpoints.filter((name) => names.includes(name)),
    );
    return to === undefined ? [] : [{ destination: to, key, action: 'trigger' }];
  });
  const isPaged = ({ destination }: Draft): boolean => destination.endpoints.every((name) => names.includes(name));
  return [...begun, ...update(triggers).filter((one) => !isPaged(one))];
}

/** Each endpoint once, with the newest beginning that it was sent. */
function newestFirst(
  triggers: readonly Message[],
): readonly { readonly destination: Destination; readonly key: string; readonly endpoints: readonly string[] }[] {
  const known = new Set<string>();
  return triggers.toReversed().map(({ destination, key }) => {
    const endpoints = destination.endpoints.filter((name) => !known.has(name));
    for (const name of endpoints) known.add(name);
    return { destination, key, endpoints };
  });
}

/** A destination for some of its endpoints; none where there are none. */
const narrowed = (destination: Destination, endpoints: readonly string[]): Destination | undefined => {
  if (endpoints.length === 0) return undefined;
  return destination.by === 'endpoint' ? destination : { ...destination, endpoints };
};

/** Who has a thread of it hears what changes there, by the newest key that he knows. */
export const update = (triggers: readonly Message[]): readonly Draft[] =>
  newestFirst(triggers.filter(({ outcome }) => outcome !== 'refused' && outcome !== 'dropped'))
    .filter(({ destination, endpoints }) => hearsUpdates(destination) && endpoints.length > 0)
    .map(({ destination, key }): Draft => ({ destination, key, action: 'update' }))
    .toReversed();

/** Ends what began: each key of who calls people, since each stands open there; everybody else hears of the end once. */
export function end(triggers: readonly Message[], reach: Reach): readonly Draft[] {
  const certain = triggers.filter(({ outcome }) => outcome === 'delivered');
  const rest = triggers.filter((one) => !certain.includes(one));
  const once = new Map(
    // The last of them is asked first: what arrived before what may have, and of that the newest.
    newestFirst([...rest, ...certain]).map(({ key, destination, endpoints }) => [
      laneOf({ key, destination }),
      endpoints,
    ]),
  );
  return triggers.flatMap(({ destination, key }): readonly Draft[] => {
    const isEach = isCaller(destination, reach);
    const endpoints = isEach ? destination.endpoints : (once.get(laneOf({ key, destination })) ?? []);
    const to = narrowed(
      destination,
      endpoints.filter((name) => reach.kindOf(name) !== 'sms'),
    );
    return to === undefined ? [] : [{ destination: to, key, action: 'resolve' }];
  });
}

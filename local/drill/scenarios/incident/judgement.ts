import type { Heard } from '../../people/heard.ts';
import { firstLineOf, isRinging } from '../../people/heard.ts';
import { isEnd } from '../../people/story-picture.ts';

/** I2 and the issue of one page: so long after the first word of it somebody is called. */
export const pagedWithinSeconds = 60;

const minuteMs = 60_000;

/** Keys under which PagerDuty called somebody, with the service: `on-call drill-1`. */
export const keysCalled = (heard: readonly Heard[]): readonly string[] => [
  ...new Set(heard.flatMap((one) => (one.by === 'pagerduty' && isRinging(one) ? [`${one.where} ${one.key}`] : []))),
];

/** Keys that began to call more than once: the same page twice. That an answer lapsed is no beginning. */
export const keysCalledTwice = (heard: readonly Heard[]): readonly string[] => {
  const begun = heard.flatMap((one) =>
    one.by === 'pagerduty' && one.what === 'called' ? [`${one.where} ${one.key}`] : [],
  );
  return begun.filter((key, index) => begun.indexOf(key) !== index);
};

/** First messages of threads in Slack, by their ids. */
export const threadsIn = (heard: readonly Heard[]): readonly string[] =>
  heard.flatMap((one) => (one.by === 'slack' && one.threadTs === undefined ? [one.ts] : []));

/** Whose telephone rang when: `30 text to +15550100`, in whole minutes since a moment. */
export const ringingSince = (heard: readonly Heard[], sinceMs: number): readonly string[] =>
  heard
    .filter((one) => one.clockMs >= sinceMs && isRinging(one))
    .map((one) => `${Math.floor((one.clockMs - sinceMs) / minuteMs)} ${waysOf(one)}`);

const waysOf = (one: Heard): string => {
  if (one.by !== 'pagerduty') return `text to ${one.where}`;
  return one.what === 'called again' ? `${one.where} again` : one.where;
};

/** What differs from what was to ring, both ways: a list for a sentence that expects nothing. */
export const differences = (seen: readonly string[], wanted: readonly string[]): readonly string[] => [
  ...wanted.filter((one) => !seen.includes(one)).map((one) => `missing: ${one}`),
  ...seen.filter((one, index) => !wanted.includes(one) || seen.indexOf(one) !== index).map((one) => `too much: ${one}`),
];

/** Text messages in more than one part, and texts that do not say which incident. */
export const badTexts = (heard: readonly Heard[]): readonly string[] =>
  heard.flatMap((one) =>
    one.by === 'sms' && (one.partCount !== 1 || !/\bincident \d/.test(one.text))
      ? [`${one.partCount} parts: ${one.text}`]
      : [],
  );

/** Beginnings that nobody was told the end of: services and channels. */
export const unended = (heard: readonly Heard[]): readonly string[] => {
  const laneOf = (one: Heard): string => (one.by === 'pagerduty' ? `${one.where} ${one.key}` : one.where);
  const ended = new Set(heard.filter(isEnd).map(laneOf));
  return [...new Set(heard.filter(({ by }) => by === 'pagerduty' || by === 'slack').map(laneOf))].filter(
    (lane) => !ended.has(lane),
  );
};

/** The line that a sentence shows of a page. */
export const shownOf = (heard: readonly Heard[]): string => heard.map(firstLineOf).join('; ');

type OnBus = { readonly event: { readonly 'detail-type': string; readonly time: string; readonly detail: unknown } };

/** When a bus first heard that something is wrong: a finding that opened, an alarm that fired. Its times are whole seconds. */
export function firstWordAt(events: readonly OnBus[], sinceMs: number): number | undefined {
  const times = events.flatMap(({ event }) => {
    const atMs = Date.parse(event.time);
    return isWord(event) && atMs >= sinceMs ? [atMs] : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

function isWord({ 'detail-type': type, detail }: OnBus['event']): boolean {
  // The bus carries what packaged functions and CloudWatch said, read as it came.
  const { change, state } = detail as { readonly change?: string; readonly state?: { readonly value?: string } };
  return type === 'mskeeper finding' ? change === 'opened' : state?.value === 'ALARM';
}

import {
  type BusEvent,
  findingEventOf,
  noticeEventOf,
  planEventOf,
  reportEventOf,
  type Speaker,
} from '../../../shared/core/bus-event.ts';
import { namesIn } from '../../../shared/text/names.ts';
import type { Spoken } from './core/spoken.ts';

const named = (value: object): { readonly names?: readonly string[] } => {
  const names = namesIn(value);
  return names.length === 0 ? {} : { names };
};

/** What is said, as an event; with the names that stand in its sentences, by what its evidence says of them. */
export function eventOf(speaker: Speaker, atMs: number, spoken: Spoken): BusEvent {
  switch (spoken.kind) {
    case 'finding':
      return findingEventOf(speaker, atMs, { ...spoken.news, ...named(spoken.news) });
    case 'notice': {
      const findings = spoken.notice.findings.map(({ check, subject, severity, message }) => ({
        ...{ check, subject, severity, message },
      }));
      return noticeEventOf(speaker, atMs, { ...spoken.notice, findings, ...named(spoken.notice) });
    }
    case 'plan':
      return planEventOf(speaker, atMs, spoken.plan);
    case 'report':
      return reportEventOf(speaker, atMs, spoken.report);
    default:
      return spoken satisfies never;
  }
}

import type { BusEvent, FindingDetail } from '../../../shared/core/bus-event.ts';
import { type BusHome, type BusWord, busWordOf } from '../../../shared/events/bus-events.ts';
import { planEntry } from '../../../shared/telling/event-batches.ts';
import { redactRecord } from '../../../shared/text/redaction.ts';
import { clusterConfiguration } from './health-ports.ts';

const { arn, accountId, region } = clusterConfiguration();
export const busHome: BusHome = { cluster: 'orders', clusterArn: arn, stack: () => ({ accountId, region }) };

/** An event of mskeeper as EventBridge delivers it, from what is put there. */
export const deliver = (event: BusEvent, more: object = {}): unknown => {
  const entry = planEntry('mskeeper', { ...event, detail: redactRecord(event.detail), resources: [arn] });
  return {
    version: '0',
    id: '8c1f2b0e-6f6f-4a3c-9d7b-0d6f2d1c9a11',
    'detail-type': entry.detailType,
    source: entry.source,
    account: accountId,
    time: '2026-01-14T12:00:00Z',
    region,
    resources: entry.resources,
    detail: JSON.parse(entry.detail),
    ...more,
  };
};

const schema = busWordOf(busHome);

/** What is heard of what was put on the bus: each event can be read. */
export const wordsOf = (events: readonly BusEvent[]): readonly BusWord[] =>
  events.map((event) => schema.parse(deliver(event)));

export const findingsOf = (events: readonly BusEvent[]): readonly FindingDetail[] =>
  wordsOf(events).flatMap((word) => (word.kind === 'finding' ? [word.detail] : []));

/** The findings' events but for those of what is as it was. */
export const changesOf = (events: readonly BusEvent[]): readonly FindingDetail[] =>
  findingsOf(events).filter(({ change }) => change !== 'still');

/** `opened critical broker-answers|broker 3`; of what is over by what it was, which is no more than its key. */
export const newsOf = (events: readonly BusEvent[]): readonly string[] =>
  changesOf(events).map(({ change, key, finding }) => [change, finding.severity, key].join(' '));

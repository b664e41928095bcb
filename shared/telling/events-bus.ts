import { EventBridgeClient, PutEventsCommand, type PutEventsResponse } from '@aws-sdk/client-eventbridge';
import { callAws } from '../aws/call.ts';
import { createClient } from '../aws/client.ts';
import { classifyAwsError } from '../aws/errors.ts';
import type { BusEvent } from '../core/bus-event.ts';
import { DependencyError, type DependencyFailure } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';
import { escapeClusterText } from '../text/cluster-text.ts';
import { redactRecord, redactText } from '../text/redaction.ts';
import { type EventEntry, planEntry, planEventBatches } from './event-batches.ts';

const eventSource = 'mskeeper';

/** A client for the bus of the function's own region, with our time limits (shared/aws/client.ts). */
export const createEventBridgeClient = (): EventBridgeClient => createClient(EventBridgeClient);

const call = 'events:PutEvents';

/** An event that is not known to be on the bus: its place in the list, from 0, what it was, and why. */
export type RefusedEvent = {
  readonly place: number;
  readonly event: string;
  readonly failure: DependencyFailure;
  readonly message: string;
  readonly cause?: unknown;
};

/**
 * Puts events on the bus, redacted, at most ten and 256 KiB a call. An event that is refused and a batch that fails do not keep
 * the others back.
 */
export async function offerEvents(
  client: EventBridgeClient,
  calls: CallScope,
  busName: string,
  events: readonly BusEvent[],
): Promise<readonly RefusedEvent[]> {
  const entries = events.map((event) => planEntry(eventSource, { ...event, detail: redactRecord(event.detail) }));
  const refused: RefusedEvent[] = [];
  let firstPlace = 0;
  for (const batch of planEventBatches(entries)) {
    const ofBatch = await publishBatch(client, calls, busName, batch);
    const from = firstPlace;
    refused.push(...ofBatch.map((one) => ({ ...one, place: from + one.place })));
    firstPlace += batch.length;
  }
  return refused;
}

/** The same for who needs all of them there. @throws DependencyError naming each event that was not accepted */
export async function publishEvents(
  client: EventBridgeClient,
  calls: CallScope,
  busName: string,
  events: readonly BusEvent[],
): Promise<void> {
  const refused = await offerEvents(client, calls, busName, events);
  const [first] = refused;
  if (first === undefined) return;
  const isSame = refused.every(({ failure }) => failure === first.failure);
  const cause = first.cause === undefined ? {} : { cause: first.cause };
  throw new DependencyError(call, isSame ? first.failure : 'failed', describeRefused(refused, events.length), cause);
}

/** One line for people that names each of them. */
export const describeRefused = (refused: readonly RefusedEvent[], eventCount: number): string => {
  const list = refused.map(({ event, message }) => `${event}: ${redactText(message)}`).join('; ');
  return `${refused.length} of ${eventCount} events were not accepted: ${list}`;
};

async function publishBatch(
  client: EventBridgeClient,
  calls: CallScope,
  busName: string,
  batch: readonly EventEntry[],
): Promise<readonly RefusedEvent[]> {
  const command = new PutEventsCommand({
    Entries: batch.map(({ source, detailType, resources, detail }) => ({
      EventBusName: busName,
      Source: source,
      DetailType: detailType,
      Resources: [...resources],
      Detail: detail,
    })),
  });
  try {
    return rejectionsOf(batch, await callAws(calls, call, (options) => client.send(command, options)));
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return batch.map((entry, place) => ({
      place,
      event: nameOf(entry),
      failure: error.failure,
      message: error.message,
      cause: error,
    }));
  }
}

function rejectionsOf(batch: readonly EventEntry[], answer: PutEventsResponse): readonly RefusedEvent[] {
  const { Entries: results = [], FailedEntryCount: failedCount = 0 } = answer;
  if (results.length !== batch.length) {
    throw new DependencyError(call, 'bad-answer', `bad answer: ${results.length} results for ${batch.length} events`);
  }
  const rejections = batch.flatMap((entry, place): RefusedEvent[] => {
    const { EventId: id, ErrorCode: code, ErrorMessage: message = '' } = results[place] ?? {};
    if (typeof code === 'string' && code !== '') {
      return [
        { place, event: nameOf(entry), failure: classifyAwsError({ name: code }), message: `${code}: ${message}` },
      ];
    }
    // What is neither taken nor refused is not known to be on the bus.
    if (typeof id === 'string' && id !== '' && !code) return [];
    return [{ place, event: nameOf(entry), failure: 'bad-answer', message: 'bad answer: neither an id nor an error' }];
  });
  if (rejections.length >= failedCount) return rejections;
  throw new DependencyError(call, 'bad-answer', `bad answer: ${failedCount} failed, ${rejections.length} named`);
}

/** What an entry is about, for an error: its type, and check and subject of a finding. */
const nameOf = ({ detailType, about }: EventEntry): string =>
  about === undefined ? detailType : `${detailType} (${escapeClusterText(about, 120)})`;

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

/**
 * Puts events on the bus, redacted, at most ten and 256 KiB a call. A batch that fails does not keep the others back.
 *
 * @throws DependencyError naming each event that was not accepted
 */
export async function publishEvents(
  client: EventBridgeClient,
  calls: CallScope,
  busName: string,
  events: readonly BusEvent[],
): Promise<void> {
  const entries = events.map((event) => planEntry(eventSource, { ...event, detail: redactRecord(event.detail) }));
  const rejections: Rejection[] = [];
  for (const batch of planEventBatches(entries)) {
    rejections.push(...(await publishBatch(client, calls, busName, batch)));
  }
  const [first] = rejections;
  if (first === undefined) return;
  const list = rejections.map(({ event, message }) => `${event}: ${redactText(message)}`).join('; ');
  const summary = `${rejections.length} of ${entries.length} events were not accepted: ${list}`;
  const isSame = rejections.every(({ failure }) => failure === first.failure);
  const failure = isSame ? first.failure : 'failed';
  throw new DependencyError(call, failure, summary, first.cause === undefined ? {} : { cause: first.cause });
}

const call = 'events:PutEvents';

type Rejection = {
  readonly event: string;
  readonly failure: DependencyFailure;
  readonly message: string;
  readonly cause?: unknown;
};

async function publishBatch(
  client: EventBridgeClient,
  calls: CallScope,
  busName: string,
  batch: readonly EventEntry[],
): Promise<readonly Rejection[]> {
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
    return batch.map((entry) => ({
      event: nameOf(entry),
      failure: error.failure,
      message: error.message,
      cause: error,
    }));
  }
}

function rejectionsOf(batch: readonly EventEntry[], answer: PutEventsResponse): readonly Rejection[] {
  const { Entries: results = [], FailedEntryCount: failedCount = 0 } = answer;
  if (results.length !== batch.length) {
    throw new DependencyError(call, 'bad-answer', `bad answer: ${results.length} results for ${batch.length} events`);
  }
  const rejections = batch.flatMap((entry, index): Rejection[] => {
    const { EventId: id, ErrorCode: code, ErrorMessage: message = '' } = results[index] ?? {};
    if (typeof code === 'string' && code !== '') {
      return [{ event: nameOf(entry), failure: classifyAwsError({ name: code }), message: `${code}: ${message}` }];
    }
    // What is neither taken nor refused is not known to be on the bus.
    if (typeof id === 'string' && id !== '' && !code) return [];
    return [{ event: nameOf(entry), failure: 'bad-answer', message: 'bad answer: neither an id nor an error' }];
  });
  if (rejections.length >= failedCount) return rejections;
  throw new DependencyError(call, 'bad-answer', `bad answer: ${failedCount} failed, ${rejections.length} named`);
}

/** What an entry is about, for an error: its type, and check and subject of a finding. */
const nameOf = ({ detailType, about }: EventEntry): string =>
  about === undefined ? detailType : `${detailType} (${escapeClusterText(about, 120)})`;

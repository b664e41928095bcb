import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { createEvent, type EventBridgeEvent } from './event.ts';

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 262_144;
const TIME_BYTES = 14;

/**
 * Limits of a whole PutEvents request. Source: EventBridge User Guide, "Calculating PutEvents event entry size".
 * @throws AwsError ValidationException.
 */
export function checkRequest(entries: readonly PutEventsRequestEntry[]): void {
  const constraint = (rule: string) =>
    new AwsError(
      'ValidationException',
      400,
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: ${rule}`,
    );
  if (entries.length === 0) throw constraint('Member must have length greater than or equal to 1');
  if (entries.length > MAX_ENTRIES) throw constraint(`Member must have length less than or equal to ${MAX_ENTRIES}`);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes >= MAX_REQUEST_BYTES) {
    throw new AwsError('ValidationException', 400, 'Total size of the entries in the request is over the limit.');
  }
}

/** Why EventBridge does not take this entry; undefined for a good one. The other entries of the request are not touched. */
export function entryFailure(entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  const missing = (name: string) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  if (!entry.Source) return missing('Source');
  if (!entry.DetailType) return missing('DetailType');
  if (!entry.Detail) return missing('Detail');
  if (entry.Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  return isJsonObject(entry.Detail)
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

/** A good entry in its envelope; the time is the entry's own or that of its arrival. */
export function eventOf(entry: PutEventsRequestEntry, world: AwsWorld): EventBridgeEvent {
  return createEvent({
    source: entry.Source ?? '',
    detailType: entry.DetailType ?? '',
    account: world.accountId,
    region: world.region,
    atMs: entry.Time?.getTime() ?? world.clock.nowMs(),
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? ''),
  });
}

function entryBytes(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), entry.Time ? TIME_BYTES : 0);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

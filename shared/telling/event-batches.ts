import type { BusEvent } from '../core/bus-event.ts';
import { fitJson } from '../text/fit-json.ts';
import { utf8Bytes } from '../text/utf8.ts';

/** PutEvents takes at most 10 entries of together less than 256 KiB (EventBridge API reference). */
export const entriesPerCall = 10;
const callBytes = 256 * 1024 - 1;
/** The user guide counts 14 bytes for an entry's time. */
const timeBytes = 14;

export type EventEntry = {
  readonly source: string;
  readonly detailType: string;
  /** For an error that names it; not sent. */
  readonly about?: string;
  readonly resources: readonly string[];
  /** JSON. */
  readonly detail: string;
  readonly isTruncated: boolean;
};

/** An entry's size in bytes as PutEvents counts it: time, source, detail type, detail and resources, all in UTF-8. */
export const entryBytes = (entry: EventEntry): number =>
  timeBytes +
  utf8Bytes(entry.source) +
  utf8Bytes(entry.detailType) +
  utf8Bytes(entry.detail) +
  entry.resources.reduce((total, resource) => total + utf8Bytes(resource), 0);

/** The event as an entry that fits a call of its own; a detail that is too large is cut visibly. */
export function planEntry(source: string, event: BusEvent): EventEntry {
  const { detailType, resources = [], about } = event;
  const frame = { source, detailType, resources, ...(about !== undefined && { about }) };
  const frameBytes = entryBytes({ ...frame, detail: '', isTruncated: false });
  const { json, isTruncated } = fitJson(event.detail, callBytes - frameBytes);
  return { ...frame, detail: json, isTruncated };
}

/** Entries in their order, in as few calls as the limits allow. */
export function planEventBatches(entries: readonly EventEntry[]): readonly (readonly EventEntry[])[] {
  const batches: EventEntry[][] = [];
  let current: EventEntry[] = [];
  let currentBytes = 0;
  for (const entry of entries) {
    const bytes = entryBytes(entry);
    if (current.length > 0 && (current.length === entriesPerCall || currentBytes + bytes > callBytes)) {
      batches.push(current);
      current = [];
      currentBytes = 0;
    }
    current.push(entry);
    currentBytes += bytes;
  }
  return current.length === 0 ? batches : [...batches, current];
}

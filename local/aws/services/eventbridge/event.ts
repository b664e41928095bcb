import { randomUUID } from 'node:crypto';

/** An event as rules see it and as targets get it. `time` has no fraction of a second. */
export type EventBridgeEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
};

/** Wraps a detail into EventBridge's envelope. */
export function createEvent(options: {
  source: string;
  detailType: string;
  account: string;
  region: string;
  atMs: number;
  resources: readonly string[];
  detail: unknown;
}): EventBridgeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': options.detailType,
    source: options.source,
    account: options.account,
    time: new Date(options.atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: options.region,
    resources: options.resources,
    detail: options.detail,
  };
}

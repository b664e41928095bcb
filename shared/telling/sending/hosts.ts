/**
 * Every host that mskeeper speaks to by itself, beside AWS and the address of an outside watcher that a user names: a closed
 * list, so that whoever opens a firewall or reads a proxy's log has all of it here.
 */
const hosts = [
  'events.pagerduty.com',
  'events.eu.pagerduty.com',
  'api.pagerduty.com',
  'api.eu.pagerduty.com',
  'identity.pagerduty.com',
  'slack.com',
] as const;
export type Host = (typeof hosts)[number];

/** PagerDuty's two service regions: an account lives in one of them. */
export type PagerDutyRegion = 'us' | 'eu';

export const pagerDutyEventsHost = {
  us: 'events.pagerduty.com',
  eu: 'events.eu.pagerduty.com',
} as const satisfies Record<PagerDutyRegion, Host>;
export const pagerDutyApiHost = { us: 'api.pagerduty.com', eu: 'api.eu.pagerduty.com' } as const satisfies Record<
  PagerDutyRegion,
  Host
>;

/** Where a host is found: by its own name, and in tests elsewhere. */
export type BaseOf = (host: Host) => string;
export const byName: BaseOf = (host) => `https://${host}`;

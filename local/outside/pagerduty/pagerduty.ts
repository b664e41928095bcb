import type { OutsideHost } from '../host.ts';
import { type App, createCredentials } from './credentials.ts';
import { createEventsHost } from './events-api.ts';
import { createIdentityHost } from './identity-api.ts';
import type { PagerDutyIncident } from './incident.ts';
import { type AcceptedChange, createIncidentBook, type PagerDutyNotification } from './incident-book.ts';
import { createRestHost } from './rest-api.ts';
import { createService, type PagerDutyService, type Region, type ServiceWish } from './service.ts';

/** The open incident of a key at a service. */
type PageReference = { readonly service: PagerDutyService; readonly key: string; readonly by: string };

/** PagerDuty as its customers set it up, and as the people behind the telephones use it. */
export type PagerDuty = {
  /** A service with an Events API v2 integration; what is left out is as PagerDuty has it. */
  addService(wish: ServiceWish): PagerDutyService;
  /** A read-only key for the REST API: it sees everything in its region. */
  addApiToken(region?: Region): string;
  /** An app with scoped OAuth. */
  addApp(app: Omit<App, 'clientId' | 'clientSecret'>): App;
  /** From now on a key, or an app's client id with all its tokens, is nobody's. */
  revoke(tokenOrClientId: string): void;
  /** @throws Error where that key has no open incident */
  acknowledge(page: PageReference): void;
  /** For good: PagerDuty's incidents are never opened again. @throws Error where that key has no open incident */
  resolve(page: PageReference): void;
  /** Oldest first, with everything that was said of them. */
  incidents(): readonly PagerDutyIncident[];
  /** What people were notified of, in the order of time: of each incident once, and once more for each lapse. */
  notifications(): readonly PagerDutyNotification[];
  /** What was done, as somebody told it: it stands beside the incidents. */
  readonly changes: readonly AcceptedChange[];
  /** An accepted event counts only so much later, by the world's clock: 202 does not mean that there is an incident. */
  setDelay(delayMs: number): void;
};

const domainByRegion = { us: 'pagerduty.com', eu: 'eu.pagerduty.com' } as const satisfies Record<Region, string>;

/** @returns PagerDuty, and its hosts by name */
export function createPagerDuty(nowMs: () => number): {
  readonly pagerDuty: PagerDuty;
  readonly hosts: ReadonlyMap<string, OutsideHost>;
} {
  const services: PagerDutyService[] = [];
  const book = createIncidentBook(nowMs);
  const credentials = createCredentials();
  const hosts = new Map<string, OutsideHost>([['identity.pagerduty.com', createIdentityHost(credentials)]]);
  for (const region of ['us', 'eu'] as const) {
    const serviceOf = (routingKey: string) =>
      services.find((service) => service.region === region && service.routingKey === routingKey);
    hosts.set(`events.${domainByRegion[region]}`, createEventsHost({ book, serviceOf }));
    hosts.set(`api.${domainByRegion[region]}`, createRestHost({ region, credentials, incidents: book.incidents }));
  }
  return {
    hosts,
    pagerDuty: {
      addService(wish) {
        const service = createService(wish);
        services.push(service);
        return service;
      },
      addApiToken: (region = 'us') => credentials.addApiToken(region),
      addApp: credentials.addApp,
      revoke: credentials.revoke,
      acknowledge: ({ service, key, by }) => book.act(service, key, 'acknowledge', by),
      resolve: ({ service, key, by }) => book.act(service, key, 'resolve', by),
      incidents: book.incidents,
      notifications: book.notifications,
      changes: book.changes,
      setDelay: book.setDelay,
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { ChangeEvent, PagerDutyEvent, TriggerEvent } from './event.ts';
import {
  type Actor,
  acknowledge,
  appendTrigger,
  bySelf,
  openIncident,
  type PagerDutyIncident,
  passTime,
  resolve,
} from './incident.ts';
import { newId, type PagerDutyService } from './service.ts';

/** A person's telephone rang, or showed something, by the urgency. World's clock. */
export type PagerDutyNotification = {
  readonly atMs: number;
  readonly because: 'triggered' | 'acknowledgement-lapsed';
  readonly service: string;
  readonly key: string;
  readonly incidentId: string;
  readonly urgency: 'high' | 'low';
  readonly summary: string;
};

export type AcceptedChange = { readonly atMs: number; readonly service: string; readonly event: ChangeEvent };

/** All incidents of the world, and what people were notified of. */
export type IncidentBook = {
  /** Takes an event that is in order; it counts after the delay. @returns its key */
  take(service: PagerDutyService, event: PagerDutyEvent): string;
  takeChange(service: PagerDutyService, event: ChangeEvent): void;
  /** What a person does to the open incident of a key. @throws Error where there is none */
  act(service: PagerDutyService, key: string, what: 'acknowledge' | 'resolve', person: string): void;
  /** Oldest first, as they are now. */
  incidents(): readonly PagerDutyIncident[];
  notifications(): readonly PagerDutyNotification[];
  readonly changes: readonly AcceptedChange[];
  /** PagerDuty answers before it has looked: an event counts this much later. */
  setDelay(delayMs: number): void;
};

export function createIncidentBook(nowMs: () => number): IncidentBook {
  const incidents: PagerDutyIncident[] = [];
  const notifications: PagerDutyNotification[] = [];
  const changes: AcceptedChange[] = [];
  const pending: { readonly dueMs: number; readonly run: (atMs: number) => void }[] = [];
  let delayMs = 0;

  const openOf = (service: PagerDutyService, key: string): number =>
    incidents.findIndex((one) => one.service.id === service.id && one.key === key && one.status !== 'resolved');
  const notify = (incident: PagerDutyIncident, because: PagerDutyNotification['because'], atMs: number): void => {
    const { service, key, id: incidentId, urgency, summary } = incident;
    notifications.push({ atMs, because, service: service.name, key, incidentId, urgency, summary });
  };
  const trigger = (service: PagerDutyService, key: string, event: TriggerEvent, atMs: number): void => {
    const index = openOf(service, key);
    const open = incidents[index];
    if (open !== undefined) {
      incidents[index] = appendTrigger(open, event, atMs);
      return;
    }
    const opened = openIncident({ id: newId(), number: incidents.length + 1, service, key, event, atMs });
    incidents.push(opened);
    notify(opened, 'triggered', atMs);
  };
  const change = (
    service: PagerDutyService,
    key: string,
    what: 'acknowledge' | 'resolve',
    by: Actor,
    atMs: number,
  ): boolean => {
    const index = openOf(service, key);
    const open = incidents[index];
    if (open === undefined) return false;
    incidents[index] = what === 'resolve' ? resolve(open, by, atMs) : acknowledge(open, by, atMs);
    return true;
  };
  /** What lapses and resolves itself until a time, and tells those whom it wakes. */
  const letPass = (untilMs: number): void => {
    for (const [index, before] of incidents.entries()) {
      const after = passTime(before, untilMs);
      incidents[index] = after;
      for (const { what, atMs } of after.log.slice(before.log.length))
        if (what === 'unacknowledge') notify(after, 'acknowledgement-lapsed', atMs);
    }
  };
  /** Everything in the order of its time, though nobody looks until later. */
  const settle = (): void => {
    for (let next = pending[0]; next !== undefined && next.dueMs <= nowMs(); next = pending[0]) {
      pending.shift();
      letPass(next.dueMs);
      next.run(next.dueMs);
    }
    letPass(nowMs());
  };

  return {
    take(service, event) {
      const key = event.dedup_key ?? randomUUID().replaceAll('-', '');
      const run = (atMs: number): void => {
        if (event.event_action === 'trigger') trigger(service, key, event, atMs);
        // Without an open alert it is dropped, and nobody hears of it.
        else change(service, key, event.event_action, bySelf(service), atMs);
      };
      // A delay that was shortened lets nothing overtake what came before.
      pending.push({ dueMs: Math.max(nowMs() + delayMs, pending.at(-1)?.dueMs ?? 0), run });
      settle();
      return key;
    },
    takeChange: (service, event) => void changes.push({ atMs: nowMs(), service: service.name, event }),
    act(service, key, what, person) {
      settle();
      if (!change(service, key, what, { kind: 'person', name: person }, nowMs()))
        throw new Error(`${person} cannot ${what} ${key}: ${service.name} has no open incident of that key`);
    },
    incidents: () => {
      settle();
      return [...incidents];
    },
    notifications: () => {
      settle();
      return notifications.toSorted((left, right) => left.atMs - right.atMs);
    },
    changes,
    setDelay: (ms) => {
      delayMs = ms;
    },
  };
}

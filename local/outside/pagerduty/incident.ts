import type { Severity, TriggerEvent } from './event.ts';
import type { PagerDutyService } from './service.ts';

/** Who did something: a person by name, or a service for itself or for an event. */
export type Actor = { readonly kind: 'person' | 'service'; readonly name: string };

export type LogEntry = {
  readonly atMs: number;
  readonly what: 'trigger' | 'acknowledge' | 'unacknowledge' | 'resolve';
  readonly by: Actor;
  /** What a trigger said. */
  readonly event?: TriggerEvent;
};

/**
 * One incident, with the one alert that it is about. Times are the world's.
 *
 * @property urgency fixed at opening
 * @property acknowledgements empty unless it is acknowledged
 * @property lapsesAtMs when the acknowledgement lapses; absent where none does
 * @property resolvesAtMs when it resolves itself; absent where it never does, or is over
 * @property log everything that was said of it, oldest first
 */
export type PagerDutyIncident = {
  readonly id: string;
  readonly number: number;
  readonly service: PagerDutyService;
  readonly key: string;
  readonly summary: string;
  readonly urgency: 'high' | 'low';
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly changedBy: Actor;
  readonly acknowledgements: readonly { readonly atMs: number; readonly by: Actor }[];
  readonly lapsesAtMs?: number;
  readonly resolvesAtMs?: number;
  readonly log: readonly LogEntry[];
};

/** Source: PagerDuty's knowledge base, "Dynamic notifications". */
const urgencyBySeverity = { critical: 'high', error: 'high', warning: 'low', info: 'low' } as const satisfies Record<
  Severity,
  'high' | 'low'
>;

export const bySelf = (service: PagerDutyService): Actor => ({ kind: 'service', name: service.name });

type Opening = {
  readonly id: string;
  readonly number: number;
  readonly service: PagerDutyService;
  readonly key: string;
  readonly event: TriggerEvent;
  readonly atMs: number;
};

export function openIncident({ id, number, service, key, event, atMs }: Opening): PagerDutyIncident {
  const by = bySelf(service);
  return {
    id,
    number,
    service,
    key,
    summary: event.payload.summary,
    urgency: service.urgency === 'dynamic' ? urgencyBySeverity[event.payload.severity] : service.urgency,
    status: 'triggered',
    createdAtMs: atMs,
    changedAtMs: atMs,
    changedBy: by,
    acknowledgements: [],
    ...(service.resolveSeconds === 'never' ? {} : { resolvesAtMs: atMs + service.resolveSeconds * 1000 }),
    log: [{ atMs, what: 'trigger', by, event }],
  };
}

/** A trigger under the key of an open incident: written down, and nothing else. */
export const appendTrigger = (incident: PagerDutyIncident, event: TriggerEvent, atMs: number): PagerDutyIncident => ({
  ...incident,
  log: [...incident.log, { atMs, what: 'trigger', by: bySelf(incident.service), event }],
});

/** Also one more on top of another: the last one's time counts. */
export function acknowledge(incident: PagerDutyIncident, by: Actor, atMs: number): PagerDutyIncident {
  const { acknowledgementSeconds } = incident.service;
  return {
    ...changed(incident, 'acknowledge', by, atMs),
    status: 'acknowledged',
    acknowledgements: [...incident.acknowledgements, { atMs, by }],
    ...(acknowledgementSeconds === 'never-lapses' ? {} : { lapsesAtMs: atMs + acknowledgementSeconds * 1000 }),
  };
}

export function resolve(incident: PagerDutyIncident, by: Actor, atMs: number): PagerDutyIncident {
  const { lapsesAtMs: _lapse, resolvesAtMs: _resolve, ...rest } = changed(incident, 'resolve', by, atMs);
  return { ...rest, status: 'resolved', acknowledgements: [] };
}

/** What PagerDuty does by itself until a time: acknowledgements lapse, and what was open too long resolves itself. */
export function passTime(incident: PagerDutyIncident, untilMs: number): PagerDutyIncident {
  const { lapsesAtMs = Number.POSITIVE_INFINITY, resolvesAtMs = Number.POSITIVE_INFINITY, service } = incident;
  if (Math.min(lapsesAtMs, resolvesAtMs) > untilMs) return incident;
  if (resolvesAtMs <= lapsesAtMs) return resolve(incident, bySelf(service), resolvesAtMs);
  const { lapsesAtMs: _lapse, ...rest } = changed(incident, 'unacknowledge', bySelf(service), lapsesAtMs);
  return passTime({ ...rest, status: 'triggered', acknowledgements: [] }, untilMs);
}

const changed = (incident: PagerDutyIncident, what: LogEntry['what'], by: Actor, atMs: number): PagerDutyIncident => ({
  ...incident,
  changedAtMs: atMs,
  changedBy: by,
  log: [...incident.log, { atMs, what, by }],
});

import type { Actor, PagerDutyIncident } from './incident.ts';

/** Times of the REST API are whole seconds. */
const moment = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

const site = 'https://example.pagerduty.com';

const reference = (kind: string, id: string, summary: string) => ({
  id,
  type: `${kind}_reference`,
  summary,
  self: `https://api.pagerduty.com/${kind}s/${id}`,
  html_url: `${site}/${kind}s/${id}`,
});

/** People of a test have a name and no more: it stands for their id, too. */
const actor = ({ kind, name }: Actor, { service }: PagerDutyIncident) =>
  kind === 'person' ? reference('user', name, name) : reference('service', service.id, name);

/**
 * An incident as `GET /incidents` shows it: the fields that somebody may need who asks whether a page was answered.
 * Source: PagerDuty's OpenAPI, schema Incident.
 */
export function viewIncident(incident: PagerDutyIncident): object {
  const { id, number, service, key, summary, urgency, status, acknowledgements, lapsesAtMs, resolvesAtMs } = incident;
  const isOver = status === 'resolved';
  const pending = [
    ...(lapsesAtMs === undefined ? [] : [{ type: 'unacknowledge', atMs: lapsesAtMs }]),
    ...(resolvesAtMs === undefined ? [] : [{ type: 'resolve', atMs: resolvesAtMs }]),
  ].toSorted((left, right) => left.atMs - right.atMs);
  return {
    id,
    type: 'incident',
    summary: `[#${number}] ${summary}`,
    self: `https://api.pagerduty.com/incidents/${id}`,
    html_url: `${site}/incidents/${id}`,
    incident_number: number,
    title: summary,
    created_at: moment(incident.createdAtMs),
    updated_at: moment(incident.log.at(-1)?.atMs ?? incident.changedAtMs),
    status,
    incident_key: key,
    service: reference('service', service.id, service.name),
    urgency,
    acknowledgements: acknowledgements.map(({ atMs, by }) => ({
      at: moment(atMs),
      acknowledger: actor(by, incident),
    })),
    last_status_change_at: moment(incident.changedAtMs),
    last_status_change_by: actor(incident.changedBy, incident),
    pending_actions: pending.map(({ type, atMs }) => ({ type, at: moment(atMs) })),
    resolved_at: isOver ? moment(incident.changedAtMs) : null,
    alert_counts: { all: 1, triggered: isOver ? 0 : 1, resolved: isOver ? 1 : 0 },
  };
}

import type { ToldMoment } from '../drill/timeline.ts';
import type { Outside } from '../outside/outside.ts';
import type { LogEntry, PagerDutyIncident } from '../outside/pagerduty/incident.ts';
import { newOf } from './newly.ts';

/** What of the world outside is watched. */
export type WatchedOutside = {
  readonly calls: Pick<Outside['calls'], 'all'>;
  readonly pagerDuty: Pick<Outside['pagerDuty'], 'incidents'>;
  readonly slack: Pick<Outside['slack'], 'messages'>;
};

/** Reads what is new since the last call: what people heard by PagerDuty, read in Slack, and calls that did not end well. */
export const watchOutside = ({ calls, pagerDuty, slack }: WatchedOutside): (() => readonly ToldMoment[]) => {
  const pages = newOf(() =>
    pagerDuty
      .incidents()
      .flatMap((incident) => incident.log.map((entry, index) => ({ entry, told: pageOf(incident, entry, index) })))
      .toSorted((left, right) => left.entry.atMs - right.entry.atMs),
  );
  const messages = newOf(() => slack.messages());
  const failures = newOf(() => calls.all.filter(({ outcome }) => outcome !== 'ok'));
  return () => [
    ...pages().map(({ told }) => told),
    ...messages().map(
      ({ channel, text, threadTs, atMs }): ToldMoment => ({
        lane: 'notifications',
        subject: `Slack ${channel}`,
        label: `${threadTs === undefined ? 'wrote' : 'answered'} in ${channel}: ${text.split('\n')[0] ?? ''}`,
        tone: 'neutral',
        clockMs: atMs,
      }),
    ),
    ...failures().map(
      ({ caller = 'nobody', method, host, path, outcome, atMs }): ToldMoment => ({
        lane: 'notifications',
        subject: `calls to ${host}`,
        label: `${caller}: ${method} ${host}${path} ended: ${outcome}`,
        tone: 'warn',
        clockMs: atMs,
      }),
    ),
  ];
};

function pageOf(incident: PagerDutyIncident, { what, by, event, atMs }: LogEntry, index: number): ToldMoment {
  const { service, summary, urgency } = incident;
  const told = { lane: 'notifications', subject: `PagerDuty ${service.name}`, clockMs: atMs } as const;
  const tone = urgency === 'high' ? 'bad' : 'warn';
  switch (what) {
    case 'trigger': {
      const says = event?.payload.summary ?? summary;
      if (index > 0) return { ...told, label: `added, and called nobody: ${says}`, tone: 'neutral' };
      return { ...told, label: `called ${service.name}, urgency ${urgency}: ${says}`, tone };
    }
    case 'acknowledge':
      return { ...told, label: `${by.name} acknowledged: ${summary}`, tone: 'neutral' };
    case 'unacknowledge':
      return { ...told, label: `called ${service.name} again, nobody deals with it any more: ${summary}`, tone };
    case 'resolve':
      return { ...told, label: `${by.name} resolved: ${summary}`, tone: 'good' };
    default:
      return what satisfies never;
  }
}

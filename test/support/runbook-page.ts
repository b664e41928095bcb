import type { Alarm } from '../../shared/deployment/alarm.ts';
import type { Deployment } from '../../shared/deployment/deployment.ts';
import { scopedWakeEventOf, wakeEventOf } from '../../shared/events/wake.ts';
import { ownAlarmsOf } from './own-alarms.ts';

/** What a page tells to send, as its procedure would take it: undefined for what it would refuse. */
export const sentEventsOf = (page: string, slug: string, { schedules = {}, run }: Partial<Deployment>) => {
  const own = () => ownAlarmsOf({});
  // A person asks an intake for a run, not for what its schedule asks.
  const [first, ...others] = run === undefined ? Object.keys(schedules) : ['light'];
  const schema = first === undefined ? wakeEventOf(slug, own) : scopedWakeEventOf(slug, own, [first, ...others]);
  return [...page.matchAll(/--payload '([^']+)'/g)].map(
    ([, payload = '']) => schema.safeParse(JSON.parse(payload)).data,
  );
};

/** Alarms of a page's section that it does not name, each once. */
export const untoldAlarmsOf = (page: string, section: string, alarms: readonly Alarm[]): readonly string[] => [
  ...new Set(
    alarms.flatMap((alarm) => (alarm.section === section && !page.includes(`\`${alarm.slug}\``) ? [alarm.slug] : [])),
  ),
];

import type { Alarm } from '../../../../shared/deployment/alarm.ts';
import type { Level } from '../../../../shared/deployment/alarm-levels.ts';

/** An alarm about the whole cluster, above a level. */
export const clusterAlarm = (level: Level, alarm: Pick<Alarm, 'slug' | 'signal' | 'missing' | 'sentence'>): Alarm => ({
  owner: 'cluster-health',
  section: 'cluster-health',
  severity: level.severity,
  comparison: 'GreaterThanThreshold',
  threshold: level.threshold,
  periodSeconds: level.periodSeconds,
  evaluationPeriods: level.evaluationPeriods,
  ...alarm,
});

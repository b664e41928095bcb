import type { NotificationTopic } from '../../../../shared/core/configuration.ts';
import { climbedSeverity } from '../../../../shared/core/reached.ts';
import { endpointsOfRung, type Reach } from './reach.ts';
import type { Ladders } from './rungs.ts';
import { pagingSeverities } from './words.ts';

/** Who is reached by what. */
export type Hearing = { readonly ladders: Ladders; readonly reach: Reach };

/** Who hears by a topic: those that it lists, and those that rungs call while a fault is so severe. */
export function heardBy(topic: NotificationTopic, { ladders, reach }: Hearing): readonly string[] {
  if (topic === 'operations' || topic === 'maintenance') return reach.byTopic(topic);
  const rungs = pagingSeverities.flatMap((severity) =>
    ladders[severity].filter(
      ({ afterMinutes }) => severity === topic || climbedSeverity(severity, ladders[severity], afterMinutes) === topic,
    ),
  );
  return [...reach.bySeverity(topic), ...rungs.flatMap((rung) => endpointsOfRung(rung, reach))];
}

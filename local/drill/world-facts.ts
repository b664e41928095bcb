import { synthesisedMetrics } from '../metrics-pump/synthesised-points.ts';
import { volumeGiB } from '../world/cloud.ts';
import type { Phases } from '../world/phases.ts';
import type { World } from '../world.ts';
import type { WorldFacts } from './drill-report.ts';

/** What the report says of the world: what was real, how long its parts took, what it weighed, what of it broke. */
export const worldFacts = (world: World, phases: Phases, peakMemoryMiB: number | undefined): WorldFacts => ({
  kafkaVersion: world.brokers.kafkaVersion,
  brokerCount: world.brokers.brokers.length,
  areBrokersOwn: world.brokers.own !== undefined,
  clusterKey: world.clusterKey,
  clockRate: world.clockRate,
  ...(peakMemoryMiB === undefined ? {} : { peakMemoryMiB: Math.round(peakMemoryMiB) }),
  phaseSeconds: phases.seconds(),
  measuredMetrics: [...world.measuredMetrics].toSorted(),
  synthesisedMetrics: [...synthesisedMetrics].toSorted(),
  scales: [
    ...(world.brokers.own === undefined
      ? [
          `The brokers were not the drill's own but those of ${world.brokers.bootstrapServers.join(', ')}: only topics and a group of the drill's own were made there, and removed at the end.`,
        ]
      : []),
    `Schedules and alarms ran on a clock ${world.clockRate} times as fast as the real one, with the periods that are deployed.`,
    `A volume of ${volumeGiB} GiB was pretended, in which 1 MiB on disk stood for 1 GiB.`,
  ],
  failures: world.failures(),
});

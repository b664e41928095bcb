import { synthesisedMetrics } from '../metrics-pump/synthesised-points.ts';
import type { Phases } from '../world/phases.ts';
import type { World } from '../world/world.ts';
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
    `Schedules and alarms ran on a clock ${world.clockRate} times as fast as the real one while no function ran, and as fast while one did, with the periods that are deployed.`,
    volumesSentence(world),
  ],
  failures: world.failures(),
});

/** How full a disk is was reckoned from both: what the brokers say they hold, and what MSK's stand-in says they have. */
const volumesSentence = ({ diskSamples }: World): string => {
  const sizes = [...new Set(diskSamples.map(({ volumeGiB }) => volumeGiB))];
  const declared = sizes.length === 0 ? 'No volume was' : `Volumes of ${sizes.join(', then ')} GiB were`;
  return `${declared} declared by MSK's stand-in; the bytes in them were measured on the brokers (DescribeLogDirs), 1 MiB for 1 GiB.`;
};

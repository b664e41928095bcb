import type { World } from '../../../world/world.ts';
import { heardIn, wordsOf } from '../../people/heard.ts';
import { storedDocuments } from '../../stored-documents.ts';
import { type KeptAct, keptActOf } from './judgement.ts';

/** What the deployed alarms wait for; undefined where the stack has none. */
export function thresholdPercentOf({ standIn }: Pick<World, 'standIn'>): number | undefined {
  for (const { alarm } of standIn.cloudWatch.alarms.values())
    if (isScalingAlarm(alarm.name) && alarm.kind === 'metric') return alarm.threshold;
  return undefined;
}

export const isScalingAlarm = (name: string): boolean => name.includes('/storage-scaling/disk/');

/** Runs that may enlarge volumes, oldest first. */
export const scalingRuns = ({ standIn }: Pick<World, 'standIn'>) =>
  standIn.lambda.durable.executions().filter(({ name }) => name.includes('storage-scaling'));

/** What the audit keeps of acts and would-be acts. */
export const keptActs = (world: Pick<World, 'standIn' | 'clusterKey'>): readonly KeptAct[] =>
  [...storedDocuments(world, `audit/${world.clusterKey}/storage-scaling/`).values()].flatMap(
    (document) => keptActOf(document) ?? [],
  );

/** Invocations of the plain function that alarms wake. */
export const intakes = ({ standIn }: World) =>
  standIn.lambda.invocations.filter(({ functionName }) => functionName.endsWith('-storage-scaling'));

/** Everything that people were told since a moment of the world's clock, by whatever way, whole. */
export const wordsSince = ({ standIn }: Pick<World, 'standIn'>, sinceMs: number): readonly string[] =>
  heardIn(standIn)
    .filter(({ clockMs }) => clockMs >= sinceMs)
    .map(wordsOf);

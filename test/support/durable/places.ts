import type { OperationUpdate } from '@aws-sdk/client-lambda';
import type { FaultPoint } from '../../../local/aws/services/lambda/durable/fault-points.ts';

/** A place where a run is to be killed: an operation's nth update of a kind, or an invocation's start or answer. */
export type Kill = { readonly name: string; readonly isHit: (seen: Seen) => boolean };
/** A fault point with the names of its updates. */
type Seen = FaultPoint & { readonly keys: readonly string[] };

/** Names each update of a checkpoint by its operation, its action and how many of that pair are kept with it. */
export function keysOf({ point, updates }: FaultPoint, kept: Map<string, number>): readonly string[] {
  return updates.map((update: OperationUpdate) => {
    const pair = `${update.Type} ${update.Action} of ${update.Name ?? update.Id} (${update.Id?.slice(0, 6)})`;
    const count = (kept.get(pair) ?? 0) + 1;
    if (point === 'checkpointed') kept.set(pair, count);
    return `${pair} #${count}`;
  });
}

/** Every place of a run that nobody killed. @param checkpoints the key of the last update of each */
export function killsOf(checkpoints: readonly string[], invocationCount: number): readonly Kill[] {
  const invocations = Array.from({ length: invocationCount }, (_, index) => index + 1);
  const ofInvocation = (name: string, at: FaultPoint['point']) =>
    invocations.map((number) => ({
      name: `${name} of invocation ${number}`,
      isHit: ({ point, invocationNumber }: Seen) => point === at && invocationNumber === number,
    }));
  const around = checkpoints.flatMap((key) => [
    { name: `before ${key} is kept`, isHit: ({ point, keys }: Seen) => point === 'checkpoint' && keys.includes(key) },
    { name: `after ${key} is kept`, isHit: ({ point, keys }: Seen) => point === 'checkpointed' && keys.includes(key) },
  ]);
  return [...ofInvocation('the start', 'invoked'), ...around, ...ofInvocation('the answer', 'returned')];
}

/** Every nth place into one run, so that the places of a run are far from one another. */
export const dealOut = (kills: readonly Kill[], killsPerRun: number): readonly (readonly Kill[])[] => {
  const runCount = Math.ceil(kills.length / killsPerRun);
  return Array.from({ length: runCount }, (_, run) => kills.filter((_kill, index) => index % runCount === run));
};

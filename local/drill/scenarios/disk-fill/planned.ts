import type { SecondAccount } from '../../../world/second-account.ts';
import { alarmsIn } from '../../observations.ts';
import type { Stage } from '../../scenario.ts';
import { storageUpdates } from './judgement.ts';
import { isScalingAlarm, keptActs, scalingRuns } from './world.ts';

const alarmSeconds = 40;
const runSeconds = 40;

/** An account with the same brokers where nothing may act: opened before the disks fill. */
export const openPlanner = ({ world }: Stage): Promise<SecondAccount> =>
  world.openSecondAccount((configuration) => ({
    ...configuration,
    modes: { ...configuration.modes, 'storage-scaling': 'plan' },
  }));

/** What the same full disks lead to in mode `plan`: the record of what would have been done, and no call. */
export async function expectPlanned({ world, expectations }: Stage, planner: SecondAccount): Promise<void> {
  const { standIn } = planner;
  await expectations.expect(
    'in the account that may only plan, the same alarm fires',
    alarmSeconds,
    () => alarmsIn(planner, 'ALARM').find(isScalingAlarm),
    (name) => name,
  );
  await expectations.expect(
    'there the audit keeps what would have been done',
    runSeconds,
    () => keptActs(planner).find(({ decision }) => decision === 'would-act'),
    ({ mode, action, cause }) => `mode ${mode}: ${action} for ${cause}`,
  );
  await expectations.expect(
    'there the run ends well',
    runSeconds,
    () => scalingRuns(planner).find(({ status }) => status === 'SUCCEEDED'),
    ({ name, usage }) => `${name}, ${usage.operationCount} operations`,
  );
  expectations.expectNothing('and there nothing was called', () =>
    storageUpdates(standIn.world.calls.all).map(({ operation, outcome }) => `${operation}: ${outcome}`),
  );
  expectations.expectNothing('and there MSK ran no operation', () =>
    standIn.msk.operations(world.cluster.arn).map(({ type }) => type),
  );
  await planner.close();
}

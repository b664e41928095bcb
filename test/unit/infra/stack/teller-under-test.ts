import { deployment as incident } from '../../../../functions/health/incident/deployment.ts';
import { partsOf, productParts, type StackParts } from '../../../../infra/functions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { ClusterConfiguration, Configuration } from '../../../../shared/core/configuration.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { firstParts } from './alarms-under-test.ts';
import { configurationWith } from './stack-under-test.ts';

/** Parts without whoever tells people, with every alarm that the product has. */
export const withoutTeller: StackParts = {
  functions: firstParts.functions,
  alarms: productParts.alarms,
};

/** The same with one. */
export const withTeller: StackParts = {
  ...withoutTeller,
  functions: [...withoutTeller.functions, ...partsOf({ 'health/incident': incident }).functions],
};

/** With the schedule of whoever tells people. */
export const tellerConfiguration = (configuration: Configuration = configurationWith()): Configuration => ({
  ...configuration,
  schedules: { ...configuration.schedules, 'incident-minute': 'rate(1 minute)' },
});

export const tellerContextWith = (change: Partial<ClusterConfiguration> = {}, preset?: string): StackContext =>
  stackContextOf(tellerConfiguration(configurationWith(change, preset)), 'orders', withTeller);

export const tellerResourcesWith = (change: Partial<ClusterConfiguration> = {}, preset?: string) =>
  Object.entries(buildStack(tellerConfiguration(configurationWith(change, preset)), 'orders', withTeller).resources);

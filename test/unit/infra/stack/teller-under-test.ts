import { partsOf, productParts, type StackParts } from '../../../../infra/functions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { ClusterConfiguration, Configuration } from '../../../../shared/core/configuration.ts';
import { incidentHeard } from '../../../../shared/core/incident-heard.ts';
import type { Deployment } from '../../../../shared/deployment/deployment.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { firstParts } from './alarms-under-test.ts';
import { configurationWith } from './stack-under-test.ts';

/** A procedure that tells people, as a registry will have one: woken each minute and by its queue. */
const tellerDeployment = {
  does: 'Tells people of each fault once, by its cause.',
  answers: ['I1', 'I2', 'I3', 'I5', 'I10'],
  drills: ['healthy'],
  function: {
    memoryMiB: 256,
    timeoutSeconds: 60,
    assumedSeconds: 1,
    calls: {
      'cloudwatch:DescribeAlarms': 1,
      's3:GetObject state': 1,
      's3:PutObject state': 0,
      'events:PutEvents': 0,
      'sns:Publish emergency': 0,
      'sns:Publish critical': 0,
      'sns:Publish warning': 0,
    },
  },
  schedules: { minute: { usual: 'rate(1 minute)', keptSeconds: 60, silenceIs: 'critical' } },
  queue: {
    busEvents: [
      { detailType: 'mskeeper finding', exceptChanges: ['still'] },
      { detailType: 'mskeeper notice' },
      { detailType: 'mskeeper plan' },
    ],
    mostInBatch: 10,
    mostAtOnce: 2,
    mostTries: 5,
  },
  tellsPeople: true,
  publishes: [incidentHeard],
} as const satisfies Deployment;

/** Parts without whoever tells people, with every alarm that the product has. */
export const withoutTeller: StackParts = {
  functions: firstParts.functions,
  alarms: productParts.alarms,
};

/** The same with one. */
export const withTeller: StackParts = {
  ...withoutTeller,
  functions: [...withoutTeller.functions, ...partsOf({ 'health/incident': tellerDeployment }).functions],
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

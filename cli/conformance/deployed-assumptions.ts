import { alarmsOf } from '../../infra/stack/alarms.ts';
import { nameOfAlarm } from '../../shared/deployment/alarm.ts';
import { type Assumption, listed, notSeen, type Outcome, onKnown, proved, refuted } from './assumption.ts';
import type { Evidence } from './evidence.ts';

/** What a source of the last run of cluster-health answered on AWS, which no packaging and no simulator shows. */
const judgeSource =
  (source: string) =>
  ({ lastRun }: Evidence): Outcome =>
    onKnown(lastRun, (run) => {
      if (run === undefined) return notSeen('nothing is deployed, or cluster-health has not reported yet');
      const said = run.sources[source];
      if (said === undefined || said === 'not asked') return notSeen(`its last run did not ask (${run.key})`);
      return said === 'answered' ? proved(run.key) : refuted(`${said} (${run.key})`);
    });

const ofRun = (id: string, claim: string, source: string, reliesOn: readonly string[]): Assumption => ({
  id,
  claim,
  source: 'inference',
  reliesOn,
  checkedBy: 'the last report of cluster-health (s3:GetObject)',
  judge: judgeSource(source),
});

/** What shows only after a deploy: alarms' deliveries, and what the roles' narrow resources let through. */
export const deployedAssumptions: readonly Assumption[] = [
  {
    id: 'alarms-reach-their-topics',
    claim: 'CloudWatch publishes to the topics that speak of mskeeper itself, by their policy and without a key',
    source: 'inference',
    reliesOn: ['infra/stack/channels.ts'],
    checkedBy: 'cloudwatch:DescribeAlarmHistory',
    judge: ({ alarmActions }) =>
      onKnown(alarmActions, (all) => {
        const failed = all.filter(({ hasSucceeded }) => !hasSucceeded);
        const [first] = failed;
        if (all.length === 0) return notSeen('no alarm of the stack has told its topic yet');
        return first === undefined
          ? proved(`${all.length} actions, all succeeded`)
          : refuted(`${failed.length} of ${all.length} failed: ${first.alarmName}: ${first.summary}`);
      }),
  },
  {
    id: 'alarms-are-evaluated',
    claim: 'CloudWatch evaluates every alarm that the template makes: metric math over lists, steps and FILL',
    source: 'inference',
    reliesOn: [
      'shared/deployment/alarm.ts',
      'shared/deployment/broker-groups.ts',
      'infra/stack/alarms-self.ts',
      'functions/health/cluster-health/alarms/throughput.ts',
    ],
    checkedBy: 'cloudwatch:DescribeAlarms',
    judge: ({ alarmStates }, context) =>
      onKnown(alarmStates, (all) => {
        const names = new Set(alarmsOf(context).map((alarm) => nameOfAlarm(context, alarm)));
        const own = all.filter(({ name }) => names.has(name));
        const broken = own.filter(({ evaluationState }) => evaluationState !== undefined);
        const blind = own.filter(({ state }) => state === 'INSUFFICIENT_DATA');
        const [first] = broken;
        if (own.length === 0) return notSeen('the stack has no alarms: it is not deployed');
        if (first !== undefined)
          return refuted(`${broken.length} of ${own.length}: ${first.name}: ${first.evaluationState}: ${first.reason}`);
        return blind.length === 0
          ? proved(`${own.length} alarms, each with data`)
          : notSeen(`${blind.length} of ${own.length} have no data: ${listed(blind.map(({ name }) => name))}`);
      }),
  },
  ofRun('role-reads-the-cluster', 'kafka:DescribeClusterV2 is satisfied by the cluster’s ARN', 'msk', [
    'shared/deployment/operation-makers.ts',
  ]),
  ofRun('role-lists-nodes', 'kafka:ListNodes is satisfied by the cluster’s ARN', 'nodes', [
    'shared/deployment/operation-makers.ts',
  ]),
  ofRun(
    'role-reads-alarms',
    'cloudwatch:DescribeAlarms by prefix is satisfied by alarm:* of the account and Region',
    'alarms',
    ['shared/deployment/operations.ts'],
  ),
  ofRun('role-reads-metrics', 'cloudwatch:GetMetricData takes the queries of a check', 'cloudwatch', [
    'functions/health/cluster-health/core/metrics.ts',
  ]),
  ofRun(
    'function-enters-the-vpc',
    'kafka:GetBootstrapBrokers is satisfied by *, and Lambda attaches kafka-read to the VPC under the role’s Deny for its own code',
    'brokers',
    ['infra/stack/permissions.ts', 'shared/deployment/operation-makers.ts'],
  ),
];

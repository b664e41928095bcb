import { type Assumption, notSeen } from './assumption.ts';

const byHand = (
  id: string,
  claim: string,
  source: Assumption['source'],
  reliesOn: readonly string[],
  how: string,
): Assumption => ({
  id,
  claim,
  source,
  reliesOn,
  checkedBy: how,
  judge: () => notSeen(`no call that reads shows it: ${how}`),
});

/** What no reading call shows: told all the same, with the way to find out. */
export const byHandAssumptions: readonly Assumption[] = [
  byHand(
    'worst-of-a-group',
    'MAX and MIN over a list take at each minute the worst of those series that have a point, so that a silent broker hides no other',
    'inference',
    ['shared/deployment/broker-groups.ts'],
    'graph a group’s alarm over the reboot of a broker of a test cluster',
  ),
  byHand(
    'silent-disk-stays-full',
    'FILL(…, REPEAT) in an alarm repeats a broker’s last value to the newest minute while that value lies within the alarm’s range, and leaves the time before it empty: a group stays in ALARM over the reboot of the broker with the full disk, and a group that is silent as a whole keeps its state',
    'inference',
    ['shared/deployment/broker-groups.ts', 'functions/capacity/storage-scaling/alarms.ts'],
    'reboot the fullest broker of a test cluster while its disk alarm, set below its level, is in ALARM, and look at the alarm’s history',
  ),
  byHand(
    'lambda-counts-good-runs',
    'Lambda sends Errors, 0 for a good one, with every invocation and in the same minute as Invocations, so that their difference counts the runs that finished',
    'inference',
    ['infra/stack/alarms-self.ts'],
    'graph Invocations − Errors of cluster-health over a day in which a run failed',
  ),
  byHand(
    'storage-optimizing-refusal',
    'MSK refuses a change of storage under its lock with a sentence that says "optimizing"',
    'old-document',
    ['shared/core/msk-refusal.ts'],
    'ask for a larger volume twice, on a test cluster',
  ),
  byHand(
    'update-changes-version',
    'a successful update changes CurrentVersion, and an update with an older one is refused',
    'inference',
    ['shared/aws/msk-update.ts'],
    'compare the version before and after any change of a test cluster',
  ),
  byHand(
    'active-while-optimizing',
    'a cluster whose volumes are being optimised is ACTIVE',
    'memory',
    ['functions/capacity/storage-scaling/core/guards.ts'],
    'look at the state within the hours after a change of storage',
  ),
  byHand(
    'crashed-durable-runs',
    'Lambda invokes a durable execution again after its process died, with a back-off of its own',
    'memory',
    ['shared/durable/durable.ts'],
    'let a durable function of a test account exit in the middle of a step',
  ),
  byHand(
    'sns-attributes-with-json',
    'SNS keeps the attributes of a message whose MessageStructure is json, and filter policies see them',
    'guess',
    ['shared/telling/notify.ts'],
    'changes a test account: subscribe a queue to a topic with the filter policy {"severity":["warning"]}, publish with MessageStructure json and that attribute, and look whether it arrives and with what attributes',
  ),
  byHand(
    'kms-via-secrets-manager-in-china',
    'KMS names Secrets Manager as kms:ViaService by amazonaws.com or by the partition’s own suffix, also in China',
    'guess',
    ['shared/deployment/kafka-grants.ts'],
    'read only: in CloudTrail of an account in cn-north-1, the viaService of a Decrypt that GetSecretValue asked for',
  ),
  byHand(
    'passed-to-lambda-in-china',
    'iam:PassedToService is lambda.amazonaws.com and scheduler.amazonaws.com, also in China',
    'guess',
    ['cli/doctor/deployer-actions.ts'],
    'changes a test account in China: pass a role under a policy with that condition alone, and look whether it is allowed',
  ),
  byHand(
    'schedule-that-never-runs',
    'EventBridge Scheduler refuses a cron() that has no time left to run, or takes it and never runs it: it is refused before it gets there',
    'guess',
    ['infra/configuration/check-schedules.ts'],
    'changes a test account: aws scheduler create-schedule with cron(0 5 30 2 ? *), with cron(0 5 * * ? 2020), and look at the answers',
  ),
  byHand(
    'schedule-time-zone-spelling',
    'EventBridge Scheduler takes a time zone by its name as the IANA database spells it; whether it takes other cases nobody relies on',
    'guess',
    ['infra/configuration/check-schedules.ts'],
    'changes a test account: aws scheduler create-schedule with --schedule-expression-timezone Europe/Berlin, with europe/berlin, and look at the answers',
  ),
  byHand(
    'sum-with-a-missing-series',
    'metric math gives no value where one of two added series has none at that minute: CpuUser + CpuSystem is missing, and never CpuUser alone',
    'old-document',
    ['functions/health/cluster-health/alarms/broker.ts'],
    'read only: aws cloudwatch get-metric-data with a metric that is sent, one that is not, and the sum of the two',
  ),
  byHand(
    'counts-are-of-what-is-listed',
    'GlobalTopicCount and GlobalPartitionCount count no topic that brokers leave out of the list of a principal that may describe all of them, MSK’s own topics among them',
    'inference',
    ['functions/health/cluster-health/core/topic-list.ts'],
    'read only: kafka-topics.sh --list as such a principal, counted beside the maximum of GlobalTopicCount; where they differ, cluster-health says not-all-listed at every run',
  ),
];

import { expect } from 'vitest';
import { ownAlarmsOf } from '../../../../../infra/stack/alarms.ts';
import { currentObject, storeObject } from '../../../../../local/aws/services/s3/bucket.ts';
import alarm from '../../../../events/alarm-single-metric.json' with { type: 'json' };
import { ofItsQueue, ofLambdaItself, testDeniedGrants } from '../../../../support/aws/denied-grants.ts';
import {
  clusterArn,
  clusterKey,
  findingsOf,
  fullCheck,
  type Outcome,
  type PackagedStack,
  usePackagedStack,
} from '../../../../support/aws/packaged-stack.ts';

const stack = usePackagedStack();
/** Nobody listens on the discard port, and the arm lets no address of this machine through: it is asked all the same. */
const unreachable = { address: '127.0.0.1:9', isBootstrapFromMsk: true };
const stateKey = `state/cluster-health/${clusterKey}.json`;

/** A cluster that MSK calls failed, so that there is something to tell. */
const openFailing = async (): Promise<PackagedStack> => {
  const opened = await stack.open(unreachable);
  opened.standIn.msk.setState(clusterArn, 'FAILED');
  return opened;
};

const pagesIn = ({ report }: Outcome): readonly string[] =>
  findingsOf(report)
    .filter(({ severity }) => severity === 'critical' || severity === 'emergency')
    .map(({ check, subject }) => `${check} ${subject}`);

let usualPages: Promise<readonly string[]> | undefined;
/** What is critical of this very cluster where nothing is denied. */
const usual = (): Promise<readonly string[]> => {
  usualPages ??= openFailing().then(async ({ check }) => pagesIn(await check(fullCheck)));
  return usualPages;
};

/** Judges on, by the sources that are left: nothing is critical for a source that is away, nothing is well without it. */
const judgesByTheRest =
  (eventOf: (opened: PackagedStack) => unknown = () => fullCheck) =>
  async (opened: PackagedStack): Promise<string> => {
    const outcome = await opened.check(eventOf(opened));
    expect(outcome.functionError, outcome.errorMessage).toBeUndefined();
    const known = await usual();
    expect(pagesIn(outcome).filter((page) => !known.includes(page))).toEqual([]);
    expect(outcome.report?.worst).not.toBe('ok');
    return JSON.stringify(outcome.report);
  };

/** A run that cannot remember, keep or tell what it found ends as failed, which Lambda’s own alarm is about. */
const endsAsFailed = async ({ check }: PackagedStack): Promise<string> => {
  const { errorType, errorMessage = '' } = await check(fullCheck);
  expect(errorType, errorMessage).toBe('DependencyError');
  return errorMessage;
};

/** One of the stack's own alarms that wakes it: whoever is woken so claims the look. */
const alarmOf = ({ witness }: PackagedStack): unknown => {
  const own = ownAlarmsOf(witness.context).alarms.find(({ wakes }) => wakes.includes('cluster-health'));
  return { ...alarm, detail: { ...alarm.detail, alarmName: own?.name } };
};

const bucketIn = ({ standIn }: PackagedStack) =>
  standIn.s3.bucket(`mskeeper-${clusterKey}-bucket-${standIn.world.accountId}`);

/** A memory that cannot be read is evidence: where it cannot be set aside it stays. */
const leavesDamagedMemory = async (opened: PackagedStack): Promise<string> => {
  const body = new TextEncoder().encode('{"version":1,');
  const frame = { contentType: 'application/json', contentEncoding: undefined, metadata: {} };
  storeObject(bucketIn(opened), { key: stateKey, body, modifiedMs: Date.now(), ...frame });
  const said = await endsAsFailed(opened);
  expect(currentObject(bucketIn(opened), stateKey)?.body).toEqual(body);
  return said;
};

testDeniedGrants<PackagedStack>(import.meta.dirname, {
  open: openFailing,
  // The stack closes it.
  close: async () => {},
  drawnCount: 3,
  rights: {
    'cluster-health': {
      ...ofLambdaItself,
      ...ofItsQueue,
      'DescribeTheCluster kafka:DescribeClusterV2': { drive: judgesByTheRest() },
      'DescribeTheCluster kafka:ListNodes': { drive: judgesByTheRest() },
      'DescribeWithoutResource kafka:GetBootstrapBrokers': { drive: judgesByTheRest() },
      'ReadMetrics cloudwatch:GetMetricData': { drive: judgesByTheRest() },
      'ReadAlarms cloudwatch:DescribeAlarms': { drive: judgesByTheRest() },
      'LookAtTheBrokers lambda:InvokeFunction': { drive: judgesByTheRest() },
      'OwnState s3:GetObject': { drive: judgesByTheRest() },
      'TellMissingFromDenied s3:ListBucket': { drive: judgesByTheRest() },
      'OwnState s3:PutObject': { drive: endsAsFailed },
      'SetAside s3:PutObject': { drive: leavesDamagedMemory },
      'KeepReports s3:PutObject': { drive: endsAsFailed },
      'OwnClaim s3:GetObject': { drive: judgesByTheRest(alarmOf) },
      'OwnClaim s3:PutObject': { drive: judgesByTheRest(alarmOf) },
      'TellTheBus events:PutEvents': { drive: endsAsFailed },
    },
  },
});

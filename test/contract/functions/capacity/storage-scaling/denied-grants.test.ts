import { expect } from 'vitest';
import { planDurableAlarms } from '../../../../../infra/stack/alarms-durable.ts';
import { createEvent } from '../../../../../local/aws/services/eventbridge/event.ts';
import type { DurableExecution } from '../../../../../local/aws/services/lambda/durable/execution.ts';
import { currentObject, storeObject } from '../../../../../local/aws/services/s3/bucket.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { ofItsQueue, ofLambdaItself, testDeniedGrants } from '../../../../support/aws/denied-grants.ts';
import {
  approve,
  bucketName,
  clusterArn,
  executionName,
  intakeFunction,
  keepReceipts,
  runFunction,
  runInput,
  type StorageScalingAccount,
  saidIn,
  useStorageScalingAccounts,
} from '../../../../support/storage-scaling/account.ts';

const openAccount = useStorageScalingAccounts();
const openTelling = useStorageScalingAccounts({ mustTell: true });

const killSwitch = '/mskeeper/kill-switch';
const stateKey = `state/storage-scaling/${runInput.cluster}.json`;
const person = { source: 'mskeeper.manual', procedure: 'storage-scaling', scope: 'light', requestedBy: 'bob' };
const hour = { source: 'mskeeper.schedule', procedure: 'storage-scaling', scope: 'watch' };

/** What the bus was told, from which people hear it. */
const heardIn = (account: StorageScalingAccount): string => JSON.stringify(saidIn(account));

/** What lies in the bucket, of somebody's own hand. */
const writeObject = ({ standIn, clock }: StorageScalingAccount, key: string, text: string): void => {
  storeObject(standIn.s3.bucket(bucketName), {
    key,
    body: new TextEncoder().encode(text),
    modifiedMs: clock.nowMs(),
    contentType: 'application/json',
    contentEncoding: undefined,
    metadata: {},
  });
};

const textAt = ({ standIn }: StorageScalingAccount, key: string): string | undefined => {
  const found = currentObject(standIn.s3.bucket(bucketName), key);
  return found && new TextDecoder().decode(found.body);
};

/* The run. */

const executionIn = ({ lambda }: StorageScalingAccount): DurableExecution => {
  const found = lambda.durable.executions().find(({ name }) => name === executionName);
  if (found === undefined) throw new Error(`no execution ${executionName}`);
  return found;
};

const mostPauses = 40;

/** An episode's run, with a person who says yes whenever asked, until it has ended, or has been heard long enough. */
const runFor = async (
  account: StorageScalingAccount,
  isOver: (elapsedMs: number) => boolean,
): Promise<DurableExecution> => {
  const { lambda, clock } = account;
  const sinceMs = clock.nowMs();
  await lambda.invoke({
    functionName: runFunction,
    payload: Buffer.from(JSON.stringify(runInput)),
    invocationType: 'Event',
    durableExecutionName: executionName,
  });
  for (let pauses = 0; pauses < mostPauses; pauses += 1) {
    await lambda.idle();
    const execution = executionIn(account);
    if (execution.status !== 'RUNNING' || isOver(clock.nowMs() - sinceMs)) break;
    await approve(account, execution);
    await lambda.idle();
    const nextMs = lambda.durable.nextTimerAtMs();
    if (nextMs !== undefined) await clock.advanceTo(Math.max(nextMs, clock.nowMs()));
  }
  await lambda.idle();
  return executionIn(account);
};

/** Long enough for the third look at what is unknown, which people hear, and for the next try of what was stopped. */
const aWhile = (elapsedMs: number): boolean => elapsedMs > 12 * minuteMs;

const acceptedIn = ({ standIn }: StorageScalingAccount): number =>
  standIn.world.calls.of('kafka:UpdateBrokerStorage').filter(({ outcome }) => outcome === 'ok').length;

const wellWords = /Volumes were raised|MSK accepted|and the alarm is over|is full, within/;

/** Nothing is called, and nobody hears that anything is well. */
const leavesAlone = async (account: StorageScalingAccount, isOver = aWhile): Promise<string> => {
  writeObject(account, stateKey, JSON.stringify({ ...episodeOf(account), openedBy: 'a-test' }));
  const { status, result } = await runFor(account, isOver);
  expect(acceptedIn(account)).toBe(0);
  expect(account.standIn.msk.cluster(clusterArn).volumeGiB).toBe(100);
  expect([status, result]).not.toContainEqual(expect.stringContaining('expanded'));
  const heard = heardIn(account);
  expect(heard).not.toMatch(wellWords);
  return heard;
};

const episodeOf = ({ clock }: StorageScalingAccount, episode = 1) => ({
  version: 1,
  episode,
  openedAtMs: clock.nowMs(),
});

/** Something else says the same, or a person must: it goes on, once, and ends by what it could see. */
const actsOnce = async (account: StorageScalingAccount): Promise<{ execution: DurableExecution; heard: string }> => {
  const isToldOf = () => heardIn(account).includes('Volumes were raised');
  const execution = await runFor(account, (elapsedMs) => elapsedMs > 2 * hourMs || isToldOf());
  expect(acceptedIn(account)).toBe(1);
  return { execution, heard: heardIn(account) };
};

/** Who cannot tell ends as failed, by the name of the call, which its own alarm is about. */
const failsAtItsEnd = async (account: StorageScalingAccount): Promise<string> => {
  const execution = await runFor(account, (elapsedMs) => elapsedMs > 2 * hourMs);
  expect(acceptedIn(account)).toBe(1);
  expect(execution.status).toBe('FAILED');
  expect(execution.error?.ErrorType).toBe('NotToldError');
  expect(execution.error?.ErrorMessage).toMatch(/^\[[a-z-]+\] not told: /);
  // Its own words nobody took; that it ended so the intake says.
  const said = saidIn(account).map(({ 'detail-type': type }) => type);
  expect(new Set(said)).toEqual(new Set(['mskeeper finding']));
  expect(heardIn(account)).toContain('done-untold');
  return execution.error?.ErrorMessage ?? '';
};

/** A disk that fills while nothing may act: people get a retention cut, and where the brokers cannot be asked, why not. */
const proposesNoCut = async (account: StorageScalingAccount): Promise<string> => {
  const { standIn, disk, clock } = account;
  standIn.ssm.put(killSwitch, 'on');
  const sinceMs = clock.nowMs();
  disk.usedGiB = (atMs) => 90 + (12 * Math.max(0, atMs - sinceMs)) / hourMs;
  const heard = await leavesAlone(
    account,
    (elapsedMs) => elapsedMs > hourMs || heardIn(account).includes('retention cut'),
  );
  expect(heard).toContain('No retention cut can be proposed, since the brokers could not be asked');
  return heard;
};

/** Who cannot read its own history can say nothing: its invocations die, by the name of the call, and their alarm says so. */
const dies = async (account: StorageScalingAccount): Promise<string> => {
  const { standIn, lambda, witness } = account;
  lambda.durable.setPageSize(2);
  await leavesAlone(account);
  const dead = lambda.invocations.filter(({ kind, status }) => kind === 'durable' && status === 'error');
  const alarm = planDurableAlarms(witness.context).find(({ slug }) => slug === 'errors');
  expect(JSON.stringify(alarm?.signal)).toContain('"name":"Errors"');
  const errors = {
    namespace: 'AWS/Lambda',
    name: 'Errors',
    dimensions: { FunctionName: runFunction.split(':')[0] ?? '' },
  };
  const seen = standIn.cloudWatch.metrics.read(errors, 0, Number.POSITIVE_INFINITY).filter(({ sum }) => sum > 0);
  expect(seen.length).toBeGreaterThanOrEqual(alarm?.datapointsToAlarm ?? Number.POSITIVE_INFINITY);
  return [alarm?.sentence, ...dead.map(({ errorMessage }) => errorMessage)].join('\n');
};

/** A newer episode that took this one's place, of which nobody may ask whether it was begun. */
const isSuperseded = async (account: StorageScalingAccount): Promise<string> => {
  account.standIn.ssm.put(killSwitch, 'on');
  let isForged = false;
  const heard = await leavesAlone(account, (elapsedMs) => {
    if (!isForged && elapsedMs > 0)
      writeObject(account, stateKey, JSON.stringify({ ...episodeOf(account, 2), openedBy: 'a-test' }));
    isForged ||= elapsedMs > 0;
    return elapsedMs > hourMs;
  });
  expect(executionIn(account).result).toContain('superseded');
  expect(heard).toContain('whether an intake opened it could not be read');
  return heard;
};

/* The intake. */

type Answer = { readonly isError: boolean; readonly text: string };

const wake = async ({ lambda }: StorageScalingAccount, event: object): Promise<Answer> => {
  const { functionError, payload } = await lambda.invoke({
    functionName: intakeFunction,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: 'RequestResponse',
  });
  await lambda.idle();
  return { isError: functionError !== undefined, text: new TextDecoder().decode(payload) };
};

const runCount = ({ lambda }: StorageScalingAccount): number => lambda.durable.executions().length;

/** An error by the name of the call, which Lambda's own alarms and the queue of failed runs are about; no run is begun. */
const refuses = async (account: StorageScalingAccount, event: object = person): Promise<string> => {
  const before = runCount(account);
  const { isError, text } = await wake(account, event);
  expect(isError, text).toBe(true);
  expect(text).toContain('"errorType":"DependencyError"');
  expect(runCount(account)).toBe(before);
  return text;
};

/** A second wake may join a run, begin the next one, or say that nobody knows which: never begin one beside another. */
const refusesToJoin = async (account: StorageScalingAccount): Promise<string> => {
  writeObject(account, stateKey, JSON.stringify({ ...episodeOf(account, 7), openedBy: 'a-test' }));
  const said = await refuses(account);
  expect(textAt(account, stateKey)).toContain('"episode":7');
  return said;
};

/** The document that cannot be read is evidence: where it cannot be set aside it stays. */
const leavesDamagedDocument = async (account: StorageScalingAccount): Promise<string> => {
  writeObject(account, stateKey, '{"version":1,');
  const said = await refuses(account);
  expect(textAt(account, stateKey)).toBe('{"version":1,');
  return said;
};

/** Somebody turned the kill switch on. */
const switchEvent = ({ standIn, clock }: StorageScalingAccount): object => {
  const { accountId, region } = standIn.world;
  standIn.ssm.put(killSwitch, 'on', 'String', `arn:aws:iam::${accountId}:user/mallory`);
  const detail = { operation: 'Update', name: killSwitch, type: 'String' };
  const frame = { account: accountId, region, atMs: clock.nowMs(), resources: [] };
  return createEvent({ ...frame, source: 'aws.ssm', detailType: 'Parameter Store Change', detail });
};

/** What the bus does not take is said by the run's error, and its event comes again. */
const cannotTell = async (account: StorageScalingAccount): Promise<string> => {
  const said = await refuses(account, switchEvent(account));
  expect(heardIn(account)).toBe('[]');
  return said;
};

/** Nobody may see that people were told, so nothing is called. */
const knowsOfNoReceipt = async (account: StorageScalingAccount): Promise<string> => {
  keepReceipts(account);
  const heard = await leavesAlone(account, (elapsedMs) => {
    keepReceipts(account);
    return aWhile(elapsedMs);
  });
  expect(heard).toContain('About to ask for it');
  expect(heard).toContain('whether they were cannot be read');
  return heard;
};

/** A run that failed, of which nobody may ask how: Lambda's word alone is no page, and its event is kept. */
const keepsTheBadEnd = async (account: StorageScalingAccount): Promise<string> => {
  const { lambda } = account;
  await lambda.invoke({
    functionName: runFunction,
    payload: Buffer.from('{"version":1}'),
    invocationType: 'Event',
    durableExecutionName: executionName,
  });
  await lambda.idle();
  const { accountId, region } = account.standIn.world;
  const detail = {
    durableExecutionArn: executionIn(account).arn,
    durableExecutionName: executionName,
    status: 'FAILED',
  };
  const frame = { account: accountId, region, atMs: account.clock.nowMs(), resources: [] };
  const detailType = 'Durable Execution Status Change';
  const said = await refuses(account, createEvent({ ...frame, source: 'aws.lambda', detailType, detail }));
  expect(heardIn(account)).toBe('[]');
  return said;
};

/** No alarm is known to fire, and none to be quiet: an hour without a look is no hour without an alarm. */
const doesNotSayQuiet = async (account: StorageScalingAccount): Promise<string> => {
  const said = await refuses(account, hour);
  // A person's own wake needs none of it.
  expect(await wake(account, person)).toMatchObject({ isError: false, text: expect.stringContaining('started') });
  return said;
};

testDeniedGrants<StorageScalingAccount>(import.meta.dirname, {
  open: openAccount,
  close: (account) => account.close(),
  drawnCount: 2,
  rights: {
    'storage-scaling': {
      ...ofLambdaItself,
      ...ofItsQueue,
      'ReadAlarms cloudwatch:DescribeAlarms': { drive: doesNotSayQuiet },
      'OwnState s3:GetObject': { drive: refuses },
      'OwnState s3:PutObject': { drive: refuses },
      'TellMissingFromDenied s3:ListBucket': { drive: refuses },
      'SetAside s3:PutObject': { drive: leavesDamagedDocument },
      'StartTheRun lambda:InvokeFunction': { drive: refuses },
      'FindTheRun lambda:ListDurableExecutionsByFunction': { drive: refusesToJoin },
      'SeeHowRunsEnded lambda:GetDurableExecution': { drive: keepsTheBadEnd },
      'SeeWhoChangedTheKillSwitch ssm:GetParameterHistory': {
        drive: async (account) => {
          expect(await wake(account, switchEvent(account))).toMatchObject({ isError: false });
          expect(heardIn(account)).toContain('kill switch');
          return heardIn(account);
        },
      },
      'TellTheBus events:PutEvents': { drive: cannotTell },
    },
    'storage-scaling-run': {
      ...ofLambdaItself,
      ...ofItsQueue,
      'OwnCheckpoints lambda:CheckpointDurableExecution': {
        drive: leavesAlone,
        advice: 'wake the procedure again',
      },
      'OwnCheckpoints lambda:GetDurableExecutionState': { drive: dies, advice: 'the run is begun again and again' },
      'FindTheRun lambda:ListDurableExecutionsByFunction': { drive: isSuperseded },
      'OwnState s3:GetObject': { drive: leavesAlone },
      'TellMissingFromDenied s3:ListBucket': { drive: leavesAlone },
      'DescribeTheCluster kafka:DescribeClusterV2': { drive: leavesAlone },
      'DescribeTheCluster kafka:ListClusterOperationsV2': { drive: leavesAlone },
      'DescribeTheCluster kafka:ListNodes': { drive: leavesAlone },
      'DescribeWithoutResource kafka:DescribeClusterOperationV2': {
        // MSK's list and the cluster's own size say what the operation would.
        drive: async (account) => {
          const { execution, heard } = await actsOnce(account);
          expect(execution.result).toContain('expanded');
          expect(heard).toContain('Not readable, so judged by the rest: kafka:DescribeClusterOperationV2');
          return heard;
        },
      },
      'DescribeWithoutResource kafka:GetBootstrapBrokers': { drive: proposesNoCut },
      'EnlargeVolumes kafka:UpdateBrokerStorage': {
        drive: async (account) => {
          const heard = await leavesAlone(account);
          expect(heard).toContain('mskeeper gives up');
          return heard;
        },
      },
      'SeeWhoElseScales application-autoscaling:DescribeScalableTargets': { drive: leavesAlone },
      'SeeWhoElseScales application-autoscaling:DescribeScalingPolicies': { drive: leavesAlone },
      'ReadMetrics cloudwatch:GetMetricData': { drive: leavesAlone },
      'ReadAlarms cloudwatch:DescribeAlarms': {
        // The disks themselves say enough to act by; that the alarm is over nobody says then.
        drive: async (account) => {
          const { heard } = await actsOnce(account);
          expect(heard).not.toContain('and the alarm is over');
          expect(heard).toContain('its alarms could not be read');
          return heard;
        },
      },
      'LookAtTheBrokers lambda:InvokeFunction': { drive: proposesNoCut },
      'AskTheKillSwitch ssm:GetParameter': { drive: leavesAlone },
      'AskWhoKeepsTheCluster ssm:GetParameter': { drive: leavesAlone },
      'OwnAudit s3:GetObject': { drive: leavesAlone },
      'OwnAudit s3:PutObject': { drive: leavesAlone },
      'SharedBudget s3:GetObject': { drive: leavesAlone },
      'SharedBudget s3:PutObject': { drive: leavesAlone },
      'SetAside s3:PutObject': {
        drive: async (account) => {
          const key = `budget/${runInput.cluster}.json`;
          writeObject(account, key, '{"version":1,');
          const heard = await leavesAlone(account);
          expect(textAt(account, key)).toBe('{"version":1,');
          return heard;
        },
      },
      'AskForApproval s3:PutObject': { drive: leavesAlone },
      'SeeThatPeopleWereTold s3:GetObject': { drive: knowsOfNoReceipt, open: openTelling },
      'TellTheBus events:PutEvents': { drive: failsAtItsEnd },
    },
  },
});

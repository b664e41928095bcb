import { expect, test } from 'vitest';
import type { Fault } from '../../../local/aws/faults.ts';
import type { DependencyFailure } from '../../../shared/core/errors.ts';
import { fullCheck, type Outcome, type Report, usePackagedStack } from '../../support/aws/packaged-stack.ts';
import { keptReport } from '../../support/aws/packaged-traces.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 1 });
const stack = usePackagedStack();

/** Where a failed question must show: the checks that are unknown, and one that another source still judges. */
type Question = { readonly unknown: readonly string[]; readonly stillOk: string; readonly names: string };

const questions: Readonly<Record<string, Question>> = {
  'kafka:DescribeClusterV2': {
    unknown: ['cluster-state'],
    stillOk: 'broker-answers',
    names: 'kafka:DescribeClusterV2',
  },
  'kafka:ListNodes': { unknown: ['broker-count'], stillOk: 'cluster-state', names: 'kafka:ListNodes' },
  'kafka:GetBootstrapBrokers': {
    unknown: ['cluster-answers', 'broker-answers'],
    stillOk: 'cluster-state',
    names: 'kafka:GetBootstrapBrokers',
  },
  'lambda:Invoke': {
    unknown: ['cluster-answers', 'broker-answers'],
    stillOk: 'cluster-state',
    names: 'kafka/read',
  },
  'monitoring:GetMetricData': {
    unknown: ['disk-used', 'cpu-used'],
    stillOk: 'broker-answers',
    names: 'cloudwatch:GetMetricData',
  },
  'monitoring:DescribeAlarms': {
    unknown: ['alarm-coverage'],
    stillOk: 'broker-answers',
    names: 'cloudwatch:DescribeAlarms',
  },
};

/** The memory is no source about the cluster: that it cannot be read is a warning, since changes may be told twice. */
const expectWarning = async (fault: Fault): Promise<void> => {
  const { outcome, report } = await runWith('s3:GetObject', fault);
  expect(outcome.functionError).toBeUndefined();
  const found = report?.findings.find(({ check }) => check === 'run-history');
  expect(found?.severity).toBe('warning');
  expect(found?.message).toContain('s3:GetObject');
  expect(found?.message).toContain(failureOf[fault]);
};

/** Calls by which a run tells: where one fails, the run fails by that name, so that its alarm counts it. */
const tellings: Readonly<Record<string, string>> = {
  's3:PutObject': 's3:PutObject',
  'events:PutEvents': 'events:PutEvents',
};

const failureOf: Readonly<Record<Fault, DependencyFailure>> = {
  deny: 'denied',
  throttle: 'throttled',
  hang: 'timed-out',
  garbage: 'bad-answer',
  'server-error': 'failed',
};

const wordsOf: Readonly<Record<Fault, RegExp>> = {
  deny: /denied/,
  throttle: /throttled/,
  hang: /timed-out/,
  garbage: /bad[- ]answer/,
  'server-error': /failed: /,
};

const runWith = async (operation: string, fault: Fault): Promise<{ outcome: Outcome; report: Report | undefined }> => {
  const [address = ''] = cluster.kafka.bootstrapServers();
  const { standIn, check } = await stack.open({
    address,
    // An arm that hangs takes what time there is; everything else has as much as on AWS, on a busy machine too.
    ...(operation === 'lambda:Invoke' && fault === 'hang' && { timeoutSeconds: 40 }),
    isBootstrapFromMsk: operation === 'kafka:GetBootstrapBrokers',
  });
  standIn.world.faults.inject({ operation, fault });
  const outcome = await check(fullCheck);
  const hit = standIn.world.calls.of(operation).filter(({ outcome: end }) => end.startsWith('fault:'));
  expect(hit, `${operation} ${fault}: ${JSON.stringify(outcome).slice(0, 1_000)}`).not.toEqual([]);
  return { outcome, report: operation === 's3:PutObject' ? undefined : (outcome.report ?? keptReport(standIn)) };
};

const expectUnknown = async (operation: string, fault: Fault): Promise<void> => {
  const { outcome, report } = await runWith(operation, fault);
  const about = `${operation} ${fault}: ${JSON.stringify(outcome).slice(0, 3_000)}`;
  const { unknown = [], stillOk, names = '' } = questions[operation] ?? {};
  expect(outcome.functionError, about).toBeUndefined();
  for (const check of unknown) {
    const findings = report?.findings.filter((one) => one.check === check) ?? [];
    expect(findings, `${about} ${check}`).not.toEqual([]);
    for (const finding of findings) {
      expect(finding, about).toMatchObject({ severity: 'unknown', reason: failureOf[fault] });
      expect(finding.message, about).toContain(names);
    }
  }
  const others = report?.findings.filter(({ check }) => check === stillOk) ?? [];
  expect(
    others.map(({ severity }) => severity),
    `${about} ${stillOk}`,
  ).toContain('ok');
};

const expectNamed = async (operation: string, fault: Fault): Promise<void> => {
  const { outcome } = await runWith(operation, fault);
  const about = `${operation} ${fault}: ${JSON.stringify(outcome).slice(0, 3_000)}`;
  expect(outcome, about).toMatchObject({ functionError: 'Unhandled', errorType: 'DependencyError' });
  expect(outcome.errorMessage, about).toContain(tellings[operation]);
  expect(outcome.errorMessage, about).toMatch(wordsOf[fault]);
};

const faults: readonly Fault[] = ['deny', 'throttle', 'hang', 'garbage', 'server-error'];

/** All at once, each in an account of its own: three attempts at a call that hangs take a quarter of a minute. */
test.each(faults)(
  '%s: a question is unknown by the name of its call, the memory a warning, a telling the error of the run; the rest is judged',
  async (fault) => {
    await Promise.all([
      ...Object.keys(questions).map((operation) => expectUnknown(operation, fault)),
      expectWarning(fault),
      ...Object.keys(tellings).map((operation) => expectNamed(operation, fault)),
    ]);
  },
);

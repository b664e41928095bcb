import { describe, expect, test } from 'vitest';
import { evaluateAlarms } from '../../../../cli/doctor/alarms.ts';
import { evaluateBrokers } from '../../../../cli/doctor/brokers.ts';
import { type ClusterFacts, evaluateCluster } from '../../../../cli/doctor/cluster.ts';
import { evaluateClusterClaim } from '../../../../cli/doctor/cluster-claim.ts';
import { evaluateCredentials } from '../../../../cli/doctor/credentials.ts';
import { evaluateDeployer } from '../../../../cli/doctor/deployer.ts';
import { type DoctorFinding, worstStatus } from '../../../../cli/doctor/finding.ts';
import { evaluateKillSwitch } from '../../../../cli/doctor/kill-switch.ts';
import { evaluatePermissions, type SimulatedStatement } from '../../../../cli/doctor/permissions.ts';
import { evaluateQuotas } from '../../../../cli/doctor/quotas.ts';
import { exitStatusOf, renderFindings } from '../../../../cli/doctor/report.ts';
import { evaluateDeployment, evaluateDurable, evaluateStack } from '../../../../cli/doctor/stack.ts';
import { evaluateSubscriptions } from '../../../../cli/doctor/subscriptions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { DependencyError, type DependencyFailure } from '../../../../shared/core/errors.ts';
import { type Answered, known, unanswered } from '../../../../shared/core/known.ts';
import type { MskCluster } from '../../../../shared/core/msk-model.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { blindView, clusterView, problem } from '../../../support/health/builders.ts';

const contextOf = (lines: Readonly<Record<string, string>> = {}, more = '') => {
  const { configuration, mistakes } = judge(smallFile(lines, more));
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return stackContextOf(configuration, 'orders');
};
const context = contextOf();
const unknown = (call: string, failure: DependencyFailure = 'denied', errorName = 'AccessDenied') =>
  unanswered(new DependencyError(call, failure, failure, { facts: { errorName } }));
const said = ({ status, subject, message }: DoctorFinding) => `${status} ${subject}: ${message}`;
const bad = (findings: readonly DoctorFinding[]) => findings.filter(({ status }) => status !== 'ok').map(said);

test('what was not answered is unknown, says what to do, and fails the doctor', () => {
  const finding = evaluateCredentials(context, unknown('sts:GetCallerIdentity', 'authentication-failed'));
  expect(finding).toMatchObject({ status: 'unknown', advice: expect.stringContaining('sign in again') });
  expect(exitStatusOf([finding])).toBe(1);
  expect(worstStatus([])).toBe('unknown');
  const warning: DoctorFinding = { check: 'a', subject: 'b', status: 'warning', message: 'c', advice: 'd' };
  expect(exitStatusOf([warning])).toBe(0);
  expect(renderFindings([warning], false)).toBe('warning  a  b  c\n         → d\n\n1 warning\n');
  expect(renderFindings([warning], true)).toContain('\u001b[33mwarning\u001b[39m  a');
});

test.each([
  ['arn:aws:sts::111122223333:assumed-role/ops/ann', 'ok'],
  ['arn:aws:iam::111122223333:root', 'warning'],
  ['arn:aws-cn:iam::111122223333:user/ann', 'failed'],
])('credentials: %s is %s', (arn, status) => {
  expect(evaluateCredentials(context, known({ accountId: '111122223333', arn })).status).toBe(status);
});

describe('cluster', () => {
  const healthy: MskCluster = {
    arn: 'a',
    name: 'orders-live',
    state: 'ACTIVE',
    kind: 'standard',
    currentVersion: 'K1',
    brokerCount: 3,
    monitoringLevel: 'DEFAULT',
  };
  const facts = (more: Partial<MskCluster>, others: Partial<ClusterFacts> = {}): ClusterFacts => ({
    cluster: known({ ...healthy, ...more }),
    metadataMode: known('kraft'),
    listeners: known(['BootstrapBrokerStringSaslIam']),
    brokerIds: known([1, 2, 3]),
    ...others,
  });

  test.each<[Partial<MskCluster>, Partial<ClusterFacts>, string[]]>([
    [{}, {}, []],
    [{ state: 'HEALING' }, {}, ['warning state: orders-live is HEALING, not ACTIVE']],
    [{ state: 'FAILED', stateMessage: 'no key' }, {}, ['failed state: orders-live is FAILED, not ACTIVE: no key']],
    [{ state: 'SOMETHING_NEW' }, {}, ['warning state: orders-live is SOMETHING_NEW, not ACTIVE']],
    [
      { monitoringLevel: 'PER_TOPIC_PER_BROKER' },
      {},
      [
        'warning monitoring level: MSK sends PER_TOPIC_PER_BROKER, mskeeper.yml says DEFAULT: what is paid for is not watched',
      ],
    ],
    [
      { monitoringLevel: 'PER_SECOND' },
      {},
      ['failed monitoring level: MSK says PER_SECOND, mskeeper.yml says DEFAULT'],
    ],
    [{ kind: 'serverless', brokerCount: 0 }, {}, ['failed brokers: MSK says serverless, mskeeper.yml says standard']],
    [
      {},
      { metadataMode: known(undefined) },
      ['unknown metadata mode: the node list names neither controllers nor ZooKeeper nodes'],
    ],
    [
      {},
      { metadataMode: unknown('kafka:ListNodes'), listeners: unknown('kafka:GetBootstrapBrokers') },
      ['unknown metadata mode: kafka:ListNodes: denied', 'unknown authentication: kafka:GetBootstrapBrokers: denied'],
    ],
    [{}, { cluster: unknown('kafka:DescribeClusterV2') }, ['unknown cluster: kafka:DescribeClusterV2: denied']],
  ])('%j %j', (more, others, expected) => {
    expect(bad(evaluateCluster(context, facts(more, others)))).toEqual(expected);
  });

  test('addresses that mskeeper.yml names need no listener at MSK', () => {
    const own = contextOf({
      'authentication:': '    authentication: { kind: iam }\n    bootstrap: b-1.example.com:9098',
    });
    expect(bad(evaluateCluster(own, facts({}, { listeners: known([]) })))).toEqual([
      'skipped authentication: mskeeper.yml names the addresses itself, for iam',
    ]);
  });
});

describe('claim on the cluster', () => {
  const idOf = (name: string, id = '1a2b') => `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/${id}`;
  const deployedWith = (environment: Readonly<Record<string, string>>) => ({
    a: known({ state: 'Active', lastUpdateStatus: 'Successful', roleArn: 'r', environment, isDurable: false }),
  });
  const own = deployedWith({ MSKEEPER_STACK_ID: idOf('mskeeper-orders') });
  const acting = contextOf({}, 'modes: { storage-scaling: act }\n');

  test.each([
    ['it is this stack’s', own, idOf('mskeeper-orders'), 'ok', 'ok'],
    ['it is another stack’s', own, idOf('mskeeper-orders-eu'), 'warning', 'failed'],
    ['it is an earlier stack’s of the same name', own, idOf('mskeeper-orders', '0'), 'warning', 'failed'],
    ['it names no stack', own, undefined, 'warning', 'failed'],
    ['it is another’s, and the functions tell nothing', deployedWith({}), idOf('mskeeper-eu'), 'warning', 'failed'],
    ['no function tells which stack this is', deployedWith({}), idOf('mskeeper-orders'), 'unknown', 'unknown'],
    ['no function answers', { a: unknown('lambda:Get') }, idOf('mskeeper-orders'), 'unknown', 'unknown'],
    ['it is there before the stack', { a: known(undefined) }, idOf('mskeeper-orders'), 'failed', 'failed'],
    ['it names no stack before this one is made', { a: known(undefined) }, undefined, 'failed', 'failed'],
  ])('%s', (_what, facts, stackId, usually, inModeAct) => {
    const judge = (one: typeof context) => evaluateClusterClaim(one, facts, known({ stackId }));
    expect([judge(context).status, judge(acting).status]).toEqual([usually, inModeAct]);
    for (const finding of [judge(context), judge(acting)])
      expect(finding.advice === undefined).toBe(finding.status === 'ok');
  });

  test.each([
    ['before a deploy', { a: known(undefined) }, 'ok'],
    ['of a stack that acts', own, 'failed'],
    ['of a stack whose functions cannot be asked', { a: unknown('lambda:Get') }, 'failed'],
  ])('none %s', (_what, facts, status) => {
    expect(evaluateClusterClaim(acting, facts, known(undefined)).status).toBe(status);
  });

  test('one that cannot be read is unknown', () => {
    expect(evaluateClusterClaim(acting, own, unknown('ssm:GetParameter')).status).toBe('unknown');
  });

  test('it names the other stack, and says what does not act', () => {
    const { message } = evaluateClusterClaim(acting, own, known({ stackId: idOf('mskeeper-orders-eu') }));
    expect(message).toContain('the stack mskeeper-orders-eu keeps this cluster');
    expect(message).toContain('storage-scaling may act by mode, and will not');
  });
});

describe('stack', () => {
  const active = {
    state: 'Active',
    lastUpdateStatus: 'Successful',
    roleArn: 'r',
    environment: { MSKEEPER_CLUSTER: 'orders' },
    isDurable: false,
  };

  test('it is absent only where every function is known to be', () => {
    expect(evaluateDeployment({ a: known(undefined), b: known(undefined) })).toBe('absent');
    expect(evaluateDeployment({ a: known(undefined), b: unknown('lambda:GetFunctionConfiguration') })).toBe('unknown');
    expect(evaluateDeployment({ a: known(active), b: known(undefined) })).toBe('deployed');
  });

  test('a function that failed, updates, or keeps another cluster is told', () => {
    const facts = {
      a: known({ ...active, lastUpdateStatus: 'Failed' }),
      b: known({ ...active, state: 'Pending' }),
      c: known({ ...active, environment: { MSKEEPER_CLUSTER: 'payments' } }),
      d: unknown('lambda:GetFunctionConfiguration'),
      e: known(active),
      'f:durable': known(active),
      'g:durable': known({ ...active, isDurable: true }),
    };
    expect(bad(evaluateStack('orders', facts))).toEqual([
      'failed function a: is Active, its last update Failed',
      'warning function b: is Pending, its last update Successful',
      'failed function c: keeps the cluster "payments", not "orders"',
      'unknown function d: lambda:GetFunctionConfiguration: denied',
      'failed function f:durable: is no durable function: nothing that waits can be started',
    ]);
  });

  test.each<[Answered<void>, string]>([
    [known(undefined), 'ok'],
    [unknown('l', 'not-found', 'ResourceNotFoundException'), 'ok'],
    [unknown('l', 'not-found', 'UnknownOperationException'), 'failed'],
    [unknown('l', 'denied', 'MissingAuthenticationTokenException'), 'failed'],
    [unknown('l', 'denied', 'AccessDeniedException'), 'unknown'],
    [unknown('l', 'timed-out', 'TimeoutError'), 'unknown'],
  ])('durable functions: %j is %s', (fetched, status) => {
    expect(evaluateDurable('eu-west-1', fetched).status).toBe(status);
  });
});

describe('permissions', () => {
  const statement = {
    roleName: 'reader',
    sid: 'Read',
    effect: 'Allow' as const,
    actions: ['s3:GetObject'],
    resourceArns: ['arn:aws:s3:::b/doctor'],
    contextEntries: [],
    unnamed: [],
  };
  const decision = { action: 's3:GetObject', resourceArn: 'arn:aws:s3:::b/doctor', isStoppedAbove: false };
  const one = (more: Partial<SimulatedStatement>): SimulatedStatement => ({
    statement,
    decisions: known([{ ...decision, decision: 'allowed' }]),
    ...more,
  });

  test.each<[string, Partial<SimulatedStatement>, string[]]>([
    ['allowed', {}, []],
    ['a role that is gone', { decisions: known(undefined) }, ['failed role reader: is missing']],
    [
      'no answer',
      { decisions: unknown('iam:SimulatePrincipalPolicy') },
      ['unknown role reader, Read: iam:SimulatePrincipalPolicy: denied'],
    ],
    [
      'a deny',
      { decisions: known([{ ...decision, decision: 'explicitDeny' }]) },
      ['failed role reader, Read: may not s3:GetObject on arn:aws:s3:::b/doctor (a statement denies it)'],
    ],
    [
      'a Deny that does not hold',
      { statement: { ...statement, effect: 'Deny' } },
      ['failed role reader, Read: may s3:GetObject on arn:aws:s3:::b/doctor, which must be denied'],
    ],
    [
      'a name that nobody knows',
      { statement: { ...statement, unnamed: ['{"Ref":"Bucket"}'] } },
      [
        'unknown role reader, Read: the names of {"Ref":"Bucket"} could not be found out, so nothing was asked about them',
      ],
    ],
  ])('%s', (_name, more, expected) => {
    expect(bad(evaluatePermissions([one(more)]))).toEqual(expected);
  });

  test('a deployer whom IAM does not simulate is skipped; one who could not be found is unknown', () => {
    expect(bad(evaluateDeployer({ principalArn: known(undefined), simulated: [] }))).toEqual([
      'skipped deployer: IAM does not simulate these credentials',
    ]);
    expect(bad(evaluateDeployer({ principalArn: unknown('iam:GetRole'), simulated: [] }))).toEqual([
      'unknown deployer: iam:GetRole: denied',
    ]);
    const asked = { row: 'queues', actions: ['sqs:CreateQueue'], resourceArns: ['*'] };
    const simulated = [{ asked, decisions: unknown('iam:SimulatePrincipalPolicy') }];
    expect(bad(evaluateDeployer({ principalArn: known('a'), simulated }))).toEqual([
      'unknown queues: iam:SimulatePrincipalPolicy: denied',
    ]);
  });
});

test('subscriptions: fewer than mskeeper.yml names, and a topic that did not answer', () => {
  const two = contextOf(
    {},
    `channels:
  endpoints:
    one: { kind: email, parameter: /one }
    two: { kind: sms, parameter: /two }
    chat: { kind: slack, secret: mskeeper/slack, channel: C0123456789 }
  byTopic: { emergency: [one, two, chat] }
`,
  );
  const confirmed = { protocol: 'email', isConfirmed: true };
  const facts = {
    byTopic: {
      emergency: known([confirmed]),
      critical: unknown('sns:ListSubscriptionsByTopic'),
      warning: known([confirmed]),
      maintenance: known([confirmed]),
      operations: known([]),
      'self-emergency': known([confirmed]),
      'self-critical': known([confirmed]),
      'self-warning': known([]),
    },
    byEndpoint: {},
  };
  expect(bad(evaluateSubscriptions(two, facts))).toEqual([
    'warning topic emergency: 1 subscription, mskeeper.yml names channels for 2: somebody unsubscribed',
    'unknown topic critical: sns:ListSubscriptionsByTopic: denied',
    'warning topic self-emergency: 1 subscription, mskeeper.yml names channels for 2: somebody unsubscribed',
    // SNS reaches nobody of critical: what CloudWatch says of mskeeper itself there goes to those of emergency.
    'warning topic self-critical: 1 subscription, mskeeper.yml names channels for 2: somebody unsubscribed',
    'warning topic self-warning: has no subscription: what is published there reaches nobody',
  ]);
});

test('subscriptions: a topic whose endpoints others tell is judged while alarms speak by it, and not once a function tells people', () => {
  const pagers = contextOf(
    {},
    `channels:
  endpoints: { pager: { kind: pagerduty, secret: mskeeper/pager }, mail: { kind: email, parameter: /mail } }
  byTopic: { emergency: [pager], warning: [pager, mail], operations: [pager] }
`,
  );
  const none = known([]);
  const facts = {
    byTopic: {
      emergency: none,
      critical: none,
      warning: known([{ protocol: 'email', isConfirmed: true }]),
      maintenance: none,
      operations: none,
      'self-emergency': none,
      'self-critical': none,
      'self-warning': none,
    },
    byEndpoint: {},
  };
  const topicsIn = (one: typeof context) =>
    evaluateSubscriptions(one, facts).map(({ status, subject }) => `${status} ${subject}`);
  const selves = ['failed topic self-emergency', 'failed topic self-critical', 'warning topic self-warning'];
  const unnamed = ['ok topic warning', 'warning topic maintenance'];
  const functions = pagers.functions.filter(({ tellsPeople }) => !tellsPeople);
  expect(topicsIn({ ...pagers, functions })).toEqual([
    'failed topic emergency',
    'failed topic critical',
    ...unnamed,
    'warning topic operations',
    ...selves,
  ]);
  expect(topicsIn(pagers)).toEqual([...unnamed, ...selves]);
});

test('alarms: a list that did not come, and brokers that are not known', () => {
  const brokerIds = unknown('kafka:ListNodes');
  expect(bad(evaluateAlarms(context, { alarms: unknown('cloudwatch:DescribeAlarms'), brokerIds }))).toEqual([
    'unknown alarms: cloudwatch:DescribeAlarms: denied',
  ]);
  expect(bad(evaluateAlarms(context, { alarms: known([]), brokerIds }))).toEqual([
    expect.stringMatching(/^failed alarms: \d+ of \d+ are missing: /),
    'unknown brokers covered: kafka:ListNodes: denied',
  ]);
});

test('brokers: nobody answered, and one that the cluster does not list', () => {
  const blind = evaluateBrokers([1, 2, 3], known(blindView(problem('authentication-failed', 'no such user'))));
  expect(bad(blind)).toEqual(['failed kafka-read: no broker answered: no such user']);
  expect(blind[0]?.advice).toContain('credentials in the secret');
  expect(bad(evaluateBrokers([1, 2, 3, 4], known(clusterView({ absentBrokerIds: [4] }))))).toEqual([
    'failed broker 4: is expected, and the cluster does not list it',
  ]);
});

test('kill switch: without a mode act a missing one is no failure', () => {
  expect(evaluateKillSwitch(context, known(undefined)).status).toBe('warning');
  expect(evaluateKillSwitch(context, unknown('ssm:GetParameter')).status).toBe('unknown');
});

test('quotas: a low spend limit, a quota that is not listed', () => {
  const facts = {
    lambda: known([{ name: 'Function and layer storage', value: 75 }]),
    sms: known({ isInSandbox: false, monthlySpendLimitUsd: undefined, isTransactional: true }),
  };
  expect(bad(evaluateQuotas(context, facts))).toEqual([
    'unknown Lambda concurrency: Service Quotas lists no quota "Concurrent executions"',
    'warning SMS: SNS stops sending SMS after 1 USD a month',
  ]);
  const usual = { isInSandbox: false, monthlySpendLimitUsd: 50, isTransactional: false };
  expect(bad(evaluateQuotas(context, { ...facts, sms: known(usual) })).at(-1)).toMatch(
    /^warning SMS: what CloudWatch itself says .* promotional, by/,
  );
});

describe('quotas: what is reserved', () => {
  const reserving = contextOf({}, 'stack: { reservedConcurrency: { storage-scaling: 2, storage-scaling-run: 2 } }\n');
  const judged = (unreserved: number, ofThisStack = 0, quota = 1_000) =>
    evaluateQuotas(reserving, {
      lambda: known([{ name: 'Concurrent executions', value: quota }]),
      reservations: known({ unreserved, ofThisStack }),
    });

  test('a hundred must be left to the others, whoever has reserved the rest', () => {
    expect(bad(judged(104))).toEqual([]);
    expect(bad(judged(103))).toEqual([
      "failed Lambda reserved concurrency: 4 for this stack would leave 99 unreserved in this Region, and Lambda keeps 100: CloudFormation's deploy fails",
    ]);
  });

  test('what this stack has reserved already is its own to reserve again', () => {
    expect(bad(judged(100, 4))).toEqual([]);
    expect(bad(judged(100, 3))).toHaveLength(1);
  });

  test('an account of a hundred has none to reserve, which the quota says, too', () => {
    expect(bad(judged(100, 0, 100)).map((line) => line.split(':')[0])).toEqual([
      'warning Lambda concurrency',
      'failed Lambda reserved concurrency',
    ]);
    expect(bad(judged(104, 0, 104))).toEqual([]);
  });

  test('what was not told is unknown, and nothing is said where nothing is reserved', () => {
    const lambda = known([{ name: 'Concurrent executions', value: 1_000 }]);
    expect(bad(evaluateQuotas(reserving, { lambda, reservations: unknown('lambda:GetAccountSettings') }))).toEqual([
      expect.stringMatching(/^unknown Lambda reserved concurrency: /),
    ]);
    expect(evaluateQuotas(context, { lambda }).map(({ subject }) => subject)).toEqual(['Lambda concurrency']);
  });
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { openCliWorld } from '../../support/cli/cli-world.ts';
import { deployed, examine, type Told, wrongIn } from '../../support/cli/doctor.ts';

test('a healthy deployment is ok in every check', async () => {
  const told = await examine(await deployed());
  expect(wrongIn(told)).toEqual([]);
  expect([told.status, told.worst]).toEqual([0, 'ok']);
  expect([...new Set(told.findings.map(({ check }) => check))]).toEqual([
    'credentials',
    'cluster',
    'references',
    'kill-switch',
    'cluster-claim',
    'durable-functions',
    'quotas',
    'stack',
    'permissions',
    'subscriptions',
    'alarms',
    'fallback',
    'brokers',
  ]);
});

test('it changes nothing: every call reads, and the one function that it invokes only looks', async () => {
  const world = await deployed();
  const { calls } = world.standIn.world;
  const before = calls.all.length;
  await examine(world, '--deployer');
  // Lambda's poller takes from incident's queue beside it, by the function's role.
  const asDoctor = calls.all.slice(before).filter(({ roleName }) => roleName === undefined);
  const operations = new Set(asDoctor.map(({ service, operation }) => `${service}:${operation}`));
  expect([...operations].filter((one) => !/:(Describe|Get|List|Simulate)/.test(one))).toEqual(['lambda:Invoke']);
  expect(world.standIn.lambda.invocations.map(({ functionName }) => functionName)).toEqual([
    'mskeeper-orders-kafka-read',
  ]);
  expect([...operations]).not.toContain('secretsmanager:GetSecretValue');
  // What it asks is what the guide says that it needs, SCRAM's list aside, which this cluster does not need.
  const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  const paragraph = /^The doctor needs, [\s\S]*?\n\n/m.exec(guide)?.[0] ?? '';
  const needed = [...paragraph.matchAll(/`(?:[a-z]+:)?([A-Z]\w+)`/g)].map(([, name]) => name);
  const asked = [...operations]
    .map((one) => one.split(':')[1])
    .map((one) => (one === 'Invoke' ? 'InvokeFunction' : one));
  const ofOthers = ['ListScramSecrets', 'DescribeSecret', 'GetSecretValue', 'GetRole'];
  expect(asked.toSorted()).toEqual(needed.filter((one) => !ofOthers.includes(one ?? '')).toSorted());
});

test('somebody who may ask nothing is told what is unknown and what to allow, and it is not taken for health', async () => {
  const world = await deployed();
  const { identities } = world.standIn.world;
  identities.addRole({ name: 'guest', policies: [], trust: parseTrustPolicy({ Statement: [] }) });
  const { status, written, errors } = await world.run(
    ['doctor', '--json', '--deployer'],
    identities.assumeRole('guest', 'ann'),
  );
  const told: Told = { status, ...JSON.parse(written) };
  expect([told.status, told.worst, errors]).toEqual([1, 'unknown', '']);
  const answered = told.findings.filter((finding) => finding.status !== 'unknown');
  expect(answered.map(({ check }) => check)).toEqual(['credentials']);
  const adviceOf = (check: string) => told.findings.find((finding) => finding.check === check)?.advice;
  expect(adviceOf('cluster')).toBe('allow kafka:DescribeClusterV2 to whoever runs the doctor, and run it again');
  expect(adviceOf('permissions')).toBe(
    'allow iam:SimulatePrincipalPolicy to whoever runs the doctor, and run it again',
  );
  expect(adviceOf('deployer')).toBe('allow iam:GetRole to whoever runs the doctor, and run it again');
});

test('addresses and values are not told, also where AWS says them', async () => {
  const world = await deployed();
  const { written } = await world.run(['doctor', 'orders']);
  for (const secret of ['team@example.com', '+15550100']) expect(written).not.toContain(secret);
  expect(written).toMatch(/^ok +credentials +credentials +arn:aws:iam/);
  expect(written).toMatch(/\n\n\d+ ok\n$/);
});

test('before a deploy what needs the stack is skipped, and whoever deploys is asked about', async () => {
  const told = await examine(await openCliWorld());
  expect(wrongIn(told)).toEqual([]);
  expect(told.status).toBe(0);
  const skipped = told.findings.filter(({ status }) => status === 'skipped');
  expect(skipped.map(({ check, message }) => [check, message])).toEqual([
    ['stack', 'is not deployed yet: what needs it is left out'],
    ...['permissions', 'subscriptions', 'alarms', 'brokers'].map((check) => [check, 'not deployed']),
  ]);
  expect(told.findings.filter(({ check }) => check === 'deployer').map(({ subject }) => subject)).toContain(
    'functions',
  );
});

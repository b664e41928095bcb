import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { realClock } from '../../../local/clock.ts';
import { makeAuthority } from '../../../local/outside/certificates/authority.ts';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { makeZip } from '../../support/aws/zip.ts';

/** What packaged code does: the platform's own fetch, the AWS SDK, and sockets of its own. */
const source = `
  import { connect } from 'node:tls';
  import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
  export const calls = async ({ url, ...init }) => {
    try {
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000), ...init });
      return { status: answer.status, text: await answer.text(), date: answer.headers.get('date') };
    } catch (error) {
      return { name: error.name, message: error.message, code: error.cause?.code, cause: error.cause?.message };
    }
  };
  export const asks = async ({ url }) => {
    await fetch(url);
    const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: '/mskeeper/kill-switch' }));
    return Parameter.Value;
  };
  export const connects = async ({ url, port, ca }) => {
    await fetch(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' }, () => resolve(socket.authorized));
      socket.once('error', reject);
    });
  };
  export const environment = async () => process.env;
`;

/** A world that is a year ahead of the machine: certificates hold all the same. */
const aheadMs = 365 * 86_400_000;
const clock = { ...realClock(), nowMs: () => Date.now() + aheadMs };
let directory = '';
let started: StandIn | undefined;
const standIn = (): StandIn => {
  if (started === undefined) throw new Error('the stand-in starts in beforeAll');
  return started;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outside-lambda-'));
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    minify: true,
  });
  await writeFile(join(directory, 'app.zip'), makeZip({ 'app.js': outputFiles[0]?.text ?? '' }));
  started = await startStandIn({
    clock,
    accountId: ACCOUNT_ID,
    region: REGION,
    packageDirectory: directory,
    templateFileName: 'none.json',
    scratchDirectory: directory,
  });
  started.ssm.put('/mskeeper/kill-switch', 'off');
  const trust = parseTrustPolicy({
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const allowed = ['logs:*', 'ssm:GetParameter', 'ec2:CreateNetworkInterface'];
  const policies = [parsePolicy({ Statement: [{ Effect: 'Allow', Action: allowed, Resource: '*' }] })];
  started.world.identities.addRole({ name: 'function', policies, trust });
});
afterAll(async () => {
  await started?.close();
  await rm(directory, { recursive: true, force: true });
});

const define = (name: string, handler: string, more: object = {}) =>
  createResource(standIn().world, 'AWS::Lambda::Function', {
    FunctionName: name,
    Handler: `app.${handler}`,
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/function`,
    Code: { S3Bucket: 'deployments', S3Key: 'stack/app.zip' },
    Timeout: 20,
    MemorySize: 256,
    ...more,
  });
const invoke = async (functionName: string, event: object): Promise<unknown> => {
  const { payload, functionError } = await standIn().lambda.invoke({
    functionName,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: 'RequestResponse',
    invokedBy: '',
  });
  const answer: unknown = JSON.parse(new TextDecoder().decode(payload));
  if (functionError !== undefined) throw new Error(JSON.stringify(answer));
  return answer;
};
const lastCall = () => standIn().outside.calls.all.at(-1);

describe('a function', () => {
  test('pages by PagerDuty’s own name and real TLS, in the world’s time and under its own name', async () => {
    const { pagerDuty } = standIn().outside;
    const { routingKey } = pagerDuty.addService({ name: 'on-call' });
    await define('pager', 'calls');
    const beganMs = clock.nowMs();
    const answer = await invoke('pager', {
      url: 'https://events.pagerduty.com/v2/enqueue',
      method: 'POST',
      body: JSON.stringify({
        routing_key: routingKey,
        event_action: 'trigger',
        dedup_key: 'orders-1',
        payload: { summary: 'broker 2 is down', source: 'orders', severity: 'critical' },
      }),
    });
    expect(answer).toMatchObject({ status: 202, text: expect.stringContaining('"dedup_key":"orders-1"') });
    expect(pagerDuty.notifications()).toMatchObject([{ service: 'on-call', key: 'orders-1', urgency: 'high' }]);
    expect(lastCall()).toMatchObject({ caller: 'pager', method: 'POST', host: 'events.pagerduty.com', status: 202 });
    expect(lastCall()?.atMs).toBeGreaterThanOrEqual(beganMs);
  });

  test('sees no proxy: what is not there is a name that nobody resolves, what is cut off refuses', async () => {
    await define('caller', 'calls');
    expect(await invoke('caller', { url: 'https://events.pagerduty.example.org/' })).toEqual({
      name: 'TypeError',
      message: 'fetch failed',
      code: 'ENOTFOUND',
      cause: 'getaddrinfo ENOTFOUND events.pagerduty.example.org',
    });
    expect(lastCall()).toMatchObject({ caller: 'caller', outcome: 'no-such-host' });
    standIn().outside.faults.inject({ host: 'slack.com', fault: 'unreachable', times: 1 });
    expect(await invoke('caller', { url: 'https://slack.com/api/auth.test' })).toMatchObject({ code: 'ECONNREFUSED' });
    standIn().outside.faults.inject({ host: 'slack.com', fault: 'lost-answer', times: 1 });
    expect(await invoke('caller', { url: 'https://slack.com/api/auth.test' })).toMatchObject({
      code: 'UND_ERR_SOCKET',
    });
    expect(await invoke('caller', { url: 'https://slack.com/api/auth.test' })).toMatchObject({ status: 200 });
  });

  test('calls AWS directly, and other servers of this machine, also after it was outside', async () => {
    await define('asker', 'asks');
    const before = standIn().outside.calls.all.length;
    expect(await invoke('asker', { url: 'https://slack.com/api/auth.test' })).toBe('off');
    await define('direct', 'calls');
    expect(await invoke('direct', { url: `${standIn().url}/` })).toMatchObject({ status: 403 });
    expect(
      standIn()
        .outside.calls.all.slice(before)
        .map(({ host }) => host),
    ).toEqual(['slack.com']);
    expect(standIn().world.calls.of('ssm:GetParameter')).toMatchObject([{ roleName: 'function', outcome: 'ok' }]);
  });

  test('speaks TLS to its brokers by their own authority, past the proxy', async () => {
    const authority = makeAuthority();
    const broker = createServer(authority.issue('localhost'), (socket) => void socket.end());
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
    const address = broker.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await define('reader', 'connects');
    const before = standIn().outside.calls.all.length;
    const url = 'https://slack.com/api/auth.test';
    expect(await invoke('reader', { url, port, ca: authority.certificate })).toBe(true);
    await expect(invoke('reader', { url, port, ca: makeAuthority().certificate })).rejects.toThrow(/certificate/);
    expect(
      standIn()
        .outside.calls.all.slice(before)
        .map(({ host }) => host),
    ).toEqual(['slack.com', 'slack.com']);
    broker.close();
  });

  test('in a VPC without a way out gets nowhere', async () => {
    const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    await define('private', 'calls', { VpcConfig });
    const before = standIn().outside.calls.all.length;
    expect(await invoke('private', { url: 'https://slack.com/api/auth.test' })).toMatchObject({ code: 'ECONNREFUSED' });
    expect(standIn().outside.calls.all).toHaveLength(before);
  });

  test('finds nothing of all that in its environment', async () => {
    await define('variables', 'environment');
    const names = Object.keys(Object(await invoke('variables', {})));
    expect(names.filter((name) => /PROXY|CERT|LOCAL/i.test(name))).toEqual([]);
    expect(names).toContain('AWS_LAMBDA_FUNCTION_NAME');
  });
});

test('a stand-in that closes cuts whoever still waits for an answer', async () => {
  const own = await mkdtemp(join(directory, 'closing-'));
  const { outside, close } = await startStandIn({
    clock,
    accountId: ACCOUNT_ID,
    region: REGION,
    packageDirectory: own,
    templateFileName: 'none.json',
    scratchDirectory: own,
  });
  const socket = connect(Number(new URL(outside.wayFor('test').proxyUrl).port), '127.0.0.1');
  socket.write('CONNECT slack.com:443 HTTP/1.1\r\nhost: slack.com:443\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  const cut = new Promise((resolve) => socket.once('close', resolve));
  await Promise.all([close(), cut]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { examinePage } from '../../../cli/doctor/page.ts';
import { openTarget } from '../../../cli/target.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { createSts } from '../../../local/aws/services/sts/sts.ts';
import { commandsAlias } from '../../../shared/core/incident-command.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { clusterArn } from '../../support/cli/cli-world.ts';
import { runCommand, stubCredentials } from '../../support/cli/run-command.ts';
import { smallFile } from '../../support/configuration.ts';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const name = 'mskeeper-orders-incident';
const directory = await mkdtemp(join(tmpdir(), 'mskeeper-incidents-'));
/** Incident's own flow, which asks STS as it is served here; its document is a file, and its audit keeps nothing. */
const account = await serveDurable({
  source: `
    import { runCommand } from '../../../functions/health/incident/commands.ts';
    import { fetchProvenCaller } from '../../../shared/aws/caller-proof.ts';
    import { incidentCommandEvent } from '../../../shared/events/incident-command.ts';
    import { openCallScope } from '../../../shared/run/call-scope.ts';
    import { usualRules } from '../incident/rules.ts';
    import { openIncidentWorld } from '../incident/world.ts';
    import { readFileSync, writeFileSync } from 'node:fs';
    const startMs = Date.parse('2026-11-28T03:00:00Z');
    const file = ${JSON.stringify(join(directory, 'world.json'))};
    const begin = async (twist) => {
      const world = openIncidentWorld(() => usualRules, startMs);
      const word = { key: 'k', by: 'finding', procedure: 'cluster-health', check: 'broker-answers', subject: 'broker 2',
        severity: 'critical', reason: 'no-answer', message: 'Broker 2 does not answer.', source: 'brokers', brokers: ['2'],
        sinceMs: startMs, atMs: startMs, says: 'live' };
      await world.run({ words: [word] });
      writeFileSync(file, JSON.stringify({ twist, document: world.document }));
    };
    const incident = async (event) => {
      if (event.twist !== undefined) return begin(event.twist);
      const { twist, document } = JSON.parse(readFileSync(file, 'utf8'));
      if (twist.answer !== undefined) return twist.answer;
      const world = Object.assign(openIncidentWorld(() => usualRules, startMs), { document, fates: twist.fates ?? [] });
      const calls = openCallScope(AbortSignal.timeout(10_000));
      const { answer } = await runCommand(incidentCommandEvent.parse({ ...event, ...twist.event }), () => usualRules, {
        ...world.ports(),
        cluster: 'orders',
        clusterArn: '${clusterArn}',
        approverPrincipals: twist.approvers ?? ['arn:aws:iam::111122223333:user/alice', 'arn:aws:iam::111122223333:role/on-call'],
        proveCaller: (proof, digest) => fetchProvenCaller(calls, 'eu-west-1', digest, proof),
        audit: { begin: async () => ({ etag: '1' }), end: async () => {} },
      });
      writeFileSync(file, JSON.stringify({ twist, document: world.document }));
      if (twist.dies !== undefined) throw new Error(twist.dies);
      return answer;
    };
    export { incident as '${name}' };`,
  functions: {},
  plainFunctions: [name],
});
createSts(account.world);
beforeAll(async () => {
  const alias = { FunctionName: name, FunctionVersion: '$LATEST', Name: commandsAlias };
  await createResource(account.world, 'AWS::Lambda::Alias', alias);
});

const file = join(directory, 'mskeeper.yml');
const people = account.world.identities;
const [alice, bob] = ['alice', 'bob'].map((one) => people.addUser(one)) as [Credentials, Credentials];
const onCall = people.addRole({ name: 'on-call', policies: [], trust: parseTrustPolicy({ Statement: [] }) });
const approvers = ['arn:aws:iam::111122223333:user/alice', onCall.arn];
people.addRole({
  name: 'mskeeper-orders-approver-eu-west-1',
  policies: [
    parsePolicy({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn(`${name}:${commandsAlias}`) },
      ],
    }),
  ],
  trust: parseTrustPolicy({
    Statement: [{ Effect: 'Allow', Principal: { AWS: approvers }, Action: 'sts:AssumeRole' }],
  }),
});

const configure = (principals: readonly string[]) =>
  writeFile(file, smallFile({}, `approverPrincipals: [${principals.join(', ')}]\n`));
/** What the function does from now on, with one incident that is open. */
const twist = async (how: object): Promise<void> => {
  const Payload = Buffer.from(JSON.stringify({ twist: how }));
  const told = await account.lambdaClient().send(new InvokeCommand({ FunctionName: name, Payload }));
  if (told.FunctionError !== undefined) throw new Error(Buffer.from(told.Payload ?? []).toString());
};
beforeAll(() => configure(approvers));
beforeEach(() => twist({}));
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

const run = async (args: readonly string[], credentials: Credentials = alice) => {
  stubCredentials(account.client().endpoint, credentials);
  return runCommand([...args, '--file', file]);
};
const json = async (args: readonly string[], credentials: Credentials = alice) => {
  const { status, written } = await run([...args, '--json'], credentials);
  return { status, told: JSON.parse(written) };
};

describe('incidents', () => {
  test('shows what is open to an approver by his role, and to who may invoke the function by his own', async () => {
    for (const credentials of [alice, people.admin]) {
      const { status, written } = await run(['incidents', 'orders'], credentials);
      expect(status).toBe(1);
      expect(written.split('\n')).toEqual([
        '1  P1  open  broker 2 is down',
        '    since 2026-11-28 03:00:00Z, people told at 2026-11-28 03:00:00Z, answer by 2026-11-28 03:15:00Z, 1 symptoms',
        '    next at 2026-11-28 03:30:00Z: P0 by phone, text, on-call, chat',
        '    2026-11-28 03:00:00Z opened to chat: delivered',
        '    2026-11-28 03:00:00Z opened to on-call: delivered',
        '',
        '1 open, 0 ended within a day',
        '',
      ]);
    }
  });

  test('tells as JSON what the function told', async () => {
    const { status, told } = await json(['incidents', 'orders']);
    expect(status).toBe(1);
    expect(told).toMatchObject({ cluster: 'orders', open: [{ id: '1', severity: 'critical' }], ended: [] });
  });

  test('is for nobody else', async () => {
    const { status, written, errors } = await run(['incidents', 'orders'], bob);
    expect([status, written]).toEqual([2, '']);
    expect(errors).toContain('denied');
  });

  test('takes no other answer for one', async () => {
    await twist({ answer: { outcome: 'listed', listing: { open: 'nothing' } } });
    const { status, errors } = await run(['incidents', 'orders']);
    expect(status).toBe(2);
    expect(errors).toContain('bad answer: expected what became of the command');
  });
});

describe('a command', () => {
  test('is done under one’s own name, and says how the incident stands then', async () => {
    const { status, written } = await run(['ack', 'orders', '1', '--for', '45m']);
    expect(status).toBe(0);
    expect(written).toContain('alice deals with it until 2026-11-28T03:45:00.000Z');
    expect(written).toContain('1  P1  acknowledged  broker 2 is down');
    expect(written).toContain('    acknowledged by alice until 2026-11-28 03:45:00Z');
    expect((await json(['incidents', 'orders'])).told.open[0].acknowledgement.by).toBe('alice');
  });

  test.each([
    ['silence', ['--for', '2h'], 'alice silenced it until 2026-11-28T05:00:00.000Z'],
    ['escalate', [], 'alice asked for more help: the next step of the ladder goes out now.'],
    ['resolve', [], 'alice called it over while 1 of its symptoms go on'],
  ])('%s is another one', async (command, more, says) => {
    const { status, told } = await json([command, 'orders', '1', ...more]);
    expect([status, told.outcome, told.by, told.cluster]).toEqual([0, 'done', 'alice', 'orders']);
    expect(told.says).toContain(says);
  });

  test('by a session is its name’s; under one that a tool chose nothing is sent', async () => {
    const { told } = await json(['ack', 'orders', '1'], people.assumeRole('on-call', 'carol@example.com'));
    expect(told.by).toBe('carol');
    const { status, errors } = await run(
      ['resolve', 'orders', '1'],
      people.assumeRole('on-call', 'aws-sdk-js-1700000000000'),
    );
    expect(status).toBe(2);
    expect(errors).toMatch(/a session that a tool named.*role_session_name/);
    expect((await json(['incidents', 'orders'])).told.open[0]).not.toHaveProperty('resolution');
  });

  test('of somebody who may not is not even sent', async () => {
    const { status, errors } = await run(['ack', 'orders', '1'], bob);
    expect(status).toBe(2);
    expect(errors).toContain('sts:AssumeRole: denied');
  });

  test('is refused with the reason: another incident', async () => {
    expect(await run(['ack', 'orders', '7'])).toEqual({
      status: 1,
      written: 'refused: no open incident is 7; open: 1 (broker 2 is down)\n',
      errors: '',
    });
  });

  test.each([
    ['minutes that were not signed', { forMinutes: 700 }],
    ['an incident that was not signed', { incidentId: '2' }],
    ['another command than was signed', { command: 'silence' }],
  ])('on its way changed into %s counts for nothing', async (_what, event) => {
    await twist({ event });
    const { status, told } = await json(['ack', 'orders', '1', '--for', '5m']);
    expect([status, told.outcome, told.because]).toEqual([1, 'refused', 'unproven']);
  });

  test('that the function takes of nobody named here is refused there', async () => {
    await twist({ approvers: ['arn:aws:iam::111122223333:user/dave'] });
    const { status, told } = await json(['ack', 'orders', '1']);
    expect([status, told.because]).toEqual([1, 'stranger']);
    await twist({ approvers: [] });
    expect((await json(['ack', 'orders', '1'])).told.because).toBe('no-approvers');
  });

  test('of which nobody saw what became of it says so, and where to look', async () => {
    await twist({ dies: 'killed' });
    const { status, written } = await run(['escalate', 'orders', '1']);
    expect(status).toBe(3);
    expect(written).toMatch(/^sent, and not seen: .*killed.*npm run mskeeper -- incidents orders\n$/);
  });

  test('where nobody may give one says what to configure, and asks nobody', async () => {
    await configure([]);
    const { status, errors } = await run(['ack', 'orders', '1']);
    await configure(approvers);
    expect(status).toBe(2);
    expect(errors).toContain('names no approverPrincipals: write there the ARNs');
  });

  test.each([
    [['ack', 'orders'], 'name the incident: ack <cluster> <id>'],
    [['ack', 'orders', 'all'], 'no incident: its id is a number'],
    [['ack', 'orders', '1', '--for', '13h'], 'from 1m to 12h'],
    [['ack', 'orders', '1', '--for', '0m'], 'from 1m to 12h'],
    [['ack', 'orders', '1', '--for', 'ever'], 'such as 30m or 2h'],
    [['escalate', 'orders', '1', '--for', '5m'], 'leave --for out'],
    [['resolve', 'order', '1'], 'did you mean orders?'],
  ])('%j is refused in a line', async (args, said) => {
    const { status, written, errors } = await run(args);
    expect([status, written]).toEqual([2, '']);
    expect(errors).toContain(said);
  });
});

describe('a test of the channels', () => {
  const examine = (credentials: Credentials = alice) => {
    stubCredentials(account.client().endpoint, credentials);
    return examinePage(openTarget(file, 'orders'));
  };

  test('is a finding for each, as bad as what became of it', async () => {
    await twist({ fates: ['delivered', 'refused', 'unknown-lost'] });
    expect((await examine()).map(({ check, subject, status, message }) => [check, subject, status, message])).toEqual([
      ['page', 'endpoint phone (phone)', 'ok', 'delivered'],
      ['page', 'endpoint text (sms)', 'failed', 'refused: 400'],
      ['page', 'endpoint on-call (pagerduty)', 'unknown', 'sent, and nobody knows whether it arrived: cut off'],
      ['page', 'endpoint chat (slack)', 'ok', 'delivered'],
      ['page', 'endpoint boss (email)', 'ok', 'SNS took it; whether it arrived only its reader knows'],
      ['page', 'endpoint board (email)', 'ok', 'SNS took it; whether it arrived only its reader knows'],
      ['page', 'endpoint mail (email)', 'ok', 'SNS took it; whether it arrived only its reader knows'],
    ]);
  });

  test.each<[string, object, string, RegExp]>([
    ['was refused', { approvers: [] }, 'failed', /^nobody may command/],
    ['was not seen', { dies: 'killed' }, 'unknown', /not seen: .*killed/],
    ['is of another release', { answer: { outcome: 'paged' } }, 'unknown', /bad answer/],
    ['answers something else', { answer: { outcome: 'done', by: 'alice', says: 'Done.' } }, 'failed', /something else/],
  ])('that %s is no health', async (_what, how, status, message) => {
    await twist(how);
    expect(await examine()).toEqual([
      {
        check: 'page',
        subject: 'channels',
        status,
        message: expect.stringMatching(message),
        advice: expect.any(String),
      },
    ]);
  });

  test('by somebody who may not, or where nobody may, is no health either', async () => {
    expect(await examine(bob)).toMatchObject([{ status: 'unknown', message: expect.stringContaining('denied') }]);
    await configure([]);
    expect(await examine()).toMatchObject([
      { status: 'failed', message: expect.stringContaining('approverPrincipals') },
    ]);
    await configure(approvers);
  });
});

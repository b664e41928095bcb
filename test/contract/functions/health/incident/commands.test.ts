import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { takeApproverRole } from '../../../../../cli/account/approver-role.ts';
import { fetchIdentity } from '../../../../../cli/account/identity.ts';
import { signProof } from '../../../../../cli/account/proof.ts';
import { examinePage } from '../../../../../cli/doctor/page.ts';
import { openTarget } from '../../../../../cli/target.ts';
import type { Credentials } from '../../../../../local/aws/iam/identities.ts';
import { findingEventOf } from '../../../../../shared/core/bus-event.ts';
import { type CommandWords, commandsAlias } from '../../../../../shared/core/incident-command.ts';
import { digestOfCommand } from '../../../../../shared/events/incident-command.ts';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { runCommand, stubCredentials } from '../../../../support/cli/run-command.ts';
import {
  asBusBrings,
  brokerAway,
  brokerBack,
  checker,
  clusterArn,
  clusterKey,
  configurationText,
  type IncidentAccount,
  incidentFunction,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';

const region = 'eu-west-1';

/** The packaged function, its own role and bucket, and the project's commands. */
const { open: openAccount } = useIncidentAccounts();
let account: IncidentAccount;
let people: { readonly alice: Credentials; readonly mallory: Credentials };
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mskeeper-commands-'));
  await writeFile(join(directory, 'mskeeper.yml'), configurationText);
  return () => rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  account = await openAccount();
  const { identities } = account.standIn.world;
  people = { alice: identities.addUser('alice'), mallory: identities.addUser('mallory') };
  await account.pass(1);
  await account.tellFinding(brokerAway(2), 'opened');
  await account.pass(1);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await account.close();
});

const file = (): string => join(directory, 'mskeeper.yml');
const run = async (args: readonly string[], by = people.alice) => {
  stubCredentials(account.standIn.url, by);
  return runCommand([...args, '--file', file()]);
};
const commandsKept = () => {
  const records = [...account.documentsUnder(`audit/${clusterKey}/incident/`)].filter(
    ([key]) => !key.includes('/causes/'),
  );
  return records.map(([, record]) => record);
};
const slackSaid = (words: string) =>
  account.standIn.outside.slack.messages(slackChannel).filter((one) => JSON.stringify(one).includes(words));
const textsSent = () => account.standIn.sns.inbox.flatMap(({ sms }) => sms ?? []);

/** Signed by one's own hand: what brings it says who may invoke the function, and no more. */
const signedBy = async (by: Credentials, words: CommandWords, commandId: string): Promise<object> => {
  stubCredentials(account.standIn.url, by);
  const sts = new STSClient({ endpoint: account.standIn.url, region, credentials: by });
  await fetchIdentity(sts, openCallScope(AbortSignal.timeout(10_000)));
  const proof = await signProof(sts, region, digestOfCommand(words, { clusterArn, commandId }));
  return { source: 'mskeeper.manual', procedure: 'incident', ...words, signed: { commandId, proof } };
};
const send = async (lambda: LambdaClient, event: object, Qualifier?: string): Promise<unknown> => {
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: incidentFunction, Payload, Qualifier }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
};
const adminLambda = (): LambdaClient => {
  const { url, world } = account.standIn;
  return new LambdaClient({ endpoint: url, region, credentials: world.identities.admin });
};
const bring = (event: object): Promise<unknown> => send(adminLambda(), event, commandsAlias);

test('an acknowledgement is in one’s own name: in the list, the audit and the thread', async () => {
  expect(await run(['incidents', clusterKey])).toMatchObject({ status: 1, errors: '' });
  const { status, written } = await run(['ack', clusterKey, '1', '--for', '45m']);
  expect([status, written.split('\n')[0]]).toEqual([0, expect.stringMatching(/^alice deals with it until/)]);
  expect((await run(['incidents', clusterKey])).written).toContain('acknowledged by alice until');
  expect(commandsKept()).toEqual([
    expect.objectContaining({
      command: 'ack',
      incidentId: '1',
      forMinutes: 45,
      by: 'arn:aws:iam::111122223333:user/alice',
      end: expect.objectContaining({ outcome: 'done' }),
    }),
  ]);
  await account.pass(2);
  expect(slackSaid('alice deals with it')).toHaveLength(1);
}, 120_000);

test('more help is called at once; over is what a look proves, and then the number is nobody’s', async () => {
  expect(await run(['escalate', clusterKey, '1'])).toMatchObject({ status: 0 });
  expect(textsSent()).toHaveLength(1);
  expect(await run(['resolve', clusterKey, '1'])).toMatchObject({ status: 0 });
  expect((await run(['incidents', clusterKey])).written).toMatch(/^1 {2}P0 {2}called over {2}broker 2 is down\n/);
  await account.tellFinding(brokerBack(2), 'closed');
  await account.pass(12);
  expect(await run(['ack', clusterKey, '1'])).toMatchObject({
    status: 1,
    written: expect.stringMatching(/^refused: incident 1 \(broker 2 is down\) ended at .*; none is open\n$/),
  });
  expect(await run(['incidents', clusterKey])).toMatchObject({
    status: 0,
    written: expect.stringContaining('1  ended  '),
  });
}, 120_000);

test('what comes again, from nobody or from somebody who may not counts for nothing, and people hear of it', async () => {
  const words = { command: 'silence', incidentId: '1', forMinutes: 720 } as const;
  const done = await signedBy(people.alice, words, '00000000-0000-4000-8000-000000000001');
  const foreign = await signedBy(people.mallory, words, '00000000-0000-4000-8000-000000000002');
  const milder = await signedBy(people.alice, { ...words, forMinutes: 5 }, '00000000-0000-4000-8000-000000000003');
  expect(await bring(done)).toMatchObject({ outcome: 'done', by: 'alice' });
  const before = account.document().incidents;
  expect([await bring(done), await bring(foreign), await bring({ ...milder, ...words })]).toMatchObject([
    { outcome: 'refused', because: 'replayed' },
    { outcome: 'refused', because: 'stranger' },
    { outcome: 'refused', because: 'unproven' },
  ]);
  expect(await run(['silence', clusterKey, '1'], people.mallory)).toMatchObject({ status: 2, written: '' });
  expect(account.document().incidents.map(({ acknowledgement }) => acknowledgement)).toEqual(
    before.map(({ acknowledgement }) => acknowledgement),
  );
  expect(commandsKept()).toMatchObject([
    { by: 'arn:aws:iam::111122223333:user/alice', end: { outcome: 'done' } },
    { by: 'arn:aws:iam::111122223333:user/mallory', end: { outcome: 'refused' } },
  ]);
  const { notices } = account.document();
  expect(notices.map(({ key }) => key.split('/').slice(0, 2).join(' '))).toEqual([
    'command-refused replayed',
    'command-refused stranger',
    'command-refused unproven',
  ]);
  await account.pass(2);
  expect(slackSaid('counts for nothing')).not.toEqual([]);
}, 120_000);

test('while STS or the audit is away nothing is done, and it is to be asked again', async () => {
  const words = { command: 'ack', incidentId: '1' } as const;
  const before = JSON.stringify(account.document().incidents);
  const roleName = `mskeeper-${clusterKey}-incident-${region}`;
  for (const [index, rule, because] of [
    [1, { operation: 'sts:GetCallerIdentity', fault: 'server-error' }, 'sts-away'],
    [2, { operation: 's3:PutObject', roleName, fault: 'deny' }, 'not-kept'],
  ] as const) {
    const event = await signedBy(people.alice, words, `00000000-0000-4000-8000-00000000000${index}`);
    const lift = account.standIn.world.faults.inject(rule);
    expect(await bring(event)).toMatchObject({ outcome: 'refused', because, why: expect.stringMatching(/ask again$/) });
    lift();
  }
  expect(JSON.stringify(account.document().incidents)).toBe(before);
  expect(await run(['ack', clusterKey, '1'])).toMatchObject({ status: 0 });
}, 120_000);

test('by the door of commands nothing else comes in, by no other door a command, and an approver has no other', async () => {
  stubCredentials(account.standIn.url, people.alice);
  const approver = (await takeApproverRole(openTarget(file(), clusterKey))).target.clientOf(LambdaClient);
  const list = { source: 'mskeeper.manual', procedure: 'incident', command: 'list' };
  expect(await send(approver, list, commandsAlias)).toMatchObject({ outcome: 'listed' });

  const nowMs = account.clock.nowMs();
  const over = findingEventOf(checker, nowMs, { change: 'closed', sinceMs: nowMs, finding: brokerBack(2) });
  const body = JSON.stringify(asBusBrings(over, nowMs));
  const batch = { Records: [{ messageId: 'forged', eventSource: 'aws:sqs', body }] };
  const minute = { source: 'mskeeper.schedule', procedure: 'incident', scope: 'minute' };
  const before = account.document();
  for (const event of [batch, minute]) {
    expect(await send(approver, event, commandsAlias)).toMatchObject({ errorType: 'InvalidEventError' });
    for (const qualifier of [undefined, '$LATEST']) {
      await expect(send(approver, event, qualifier)).rejects.toThrow('lambda:InvokeFunction');
    }
  }
  expect(account.document()).toEqual(before);
  expect(await send(adminLambda(), list)).toMatchObject({ errorMessage: expect.stringContaining('alias commands') });

  // So would the queue bring it: it is what it is taken for.
  expect(await send(adminLambda(), batch)).toEqual({ batchItemFailures: [] });
  expect(account.document().incidents[0]?.quietSinceMs).toBeDefined();
}, 120_000);

test('a test reaches every channel, says what came of each, and ends at the pagers by itself', async () => {
  stubCredentials(account.standIn.url, people.alice);
  const findings = await examinePage(openTarget(file(), clusterKey));
  const sns = 'SNS took it; whether it arrived only its reader knows';
  const byMessage = 'its routing key is proven by a message alone';
  const unread = 'whether it is read, nobody knows but its reader';
  expect(findings.map(({ subject, status, message }) => [subject, status, message])).toEqual([
    ['endpoint on-call-phone (phone)', 'ok', 'delivered'],
    ['endpoint on-call-sms (sms)', 'ok', sns],
    ['endpoint on-call (pagerduty)', 'ok', 'delivered'],
    ['endpoint incidents (slack)', 'ok', 'delivered'],
    ['endpoint boss-mail (email)', 'ok', sns],
    ['endpoint team-mail (email)', 'ok', sns],
    ['endpoint chat (amazon-q)', 'ok', sns],
    // What a look sees beside it.
    ['endpoint on-call-phone (phone)', 'ok', byMessage],
    ['endpoint on-call-sms (sms)', 'ok', 'as it should be'],
    ['endpoint on-call (pagerduty)', 'ok', byMessage],
    [
      'endpoint incidents (slack)',
      'ok',
      'its channel is proven by a message alone, or with the scope channels:read,groups:read',
    ],
    ['endpoint boss-mail (email)', 'ok', unread],
    ['endpoint team-mail (email)', 'ok', unread],
    ['endpoint chat (amazon-q)', 'ok', 'whether Amazon Q shows what it gets, it tells nobody'],
  ]);
  expect(textsSent()).toMatchObject([{ partCount: 1, text: expect.stringContaining('P0 TEST') }]);
  const tests = () => account.standIn.outside.pagerDuty.incidents().filter(({ summary }) => summary.includes('TEST'));
  expect(tests().map(({ status }) => status)).toEqual(['triggered', 'triggered']);
  await account.pass(7);
  expect(tests().map(({ status }) => status)).toEqual(['resolved', 'resolved']);
}, 120_000);

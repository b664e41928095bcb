import { expect, test } from 'vitest';
import { currentObject, storeObject } from '../../../../../local/aws/services/s3/bucket.ts';
import { findingEventOf } from '../../../../../shared/core/bus-event.ts';
import { stateKey } from '../../../../../shared/core/store-keys.ts';
import { eventually } from '../../../../support/eventually.ts';
import {
  aMoment,
  brokerAway,
  bucketName,
  checker,
  clusterKey,
  type IncidentAccount,
  incidentFunction,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';

const { inAccount } = useIncidentAccounts();

const topsIn = ({ standIn }: IncidentAccount) =>
  standIn.outside.slack.messages(slackChannel).filter(({ threadTs }) => threadTs === undefined);
const isRepeated = ({ text }: { readonly text: string }): boolean => text.includes(', repeated]');

test('a run that is killed while it sends is sent for again once its claim ran out, marked as repeated', () =>
  inAccount(async (account) => {
    const { standIn, pass, tellFinding, document } = account;
    const { outside, lambda, secrets } = standIn;
    // A bot that may not look whether its message stands there.
    secrets.put('mskeeper/slack', JSON.stringify({ botToken: outside.slack.addBot(['chat:write']) }));
    await pass(1 + aMoment);
    outside.faults.inject({ host: 'events.pagerduty.com', fault: 'hang', times: 1 });
    const told = tellFinding(brokerAway(2), 'opened');
    // One endpoint has it and its outcome is not written, the other one's is on its way.
    await eventually(() => {
      expect(topsIn(account)).toHaveLength(1);
      expect(outside.calls.of('POST events.pagerduty.com/v2/enqueue')).toHaveLength(1);
    });
    expect(lambda.kill(incidentFunction)).toBe(1);
    await told;
    expect(outside.pagerDuty.notifications()).toEqual([]);
    expect(document().outbox.map(({ outcome, claim }) => [outcome, claim === undefined])).toEqual([
      [undefined, false],
      [undefined, false],
    ]);

    await pass(3);
    expect(outside.pagerDuty.notifications()).toHaveLength(1);
    expect(topsIn(account).map(isRepeated)).toEqual([false, true]);
    expect(document().outbox.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered']);
    // The batch comes again, too, and says nothing new.
    await pass(4);
    expect(outside.pagerDuty.notifications()).toHaveLength(1);
    expect(topsIn(account)).toHaveLength(2);
  }));

test('batches and the minute at once send each page once', () =>
  inAccount(async (account) => {
    const { standIn, pass, tellBus, clock, document } = account;
    const { outside, lambda } = standIn;
    await pass(1);
    const events = [1, 2, 3].flatMap((id) =>
      Array.from({ length: 10 }, () =>
        findingEventOf(checker, clock.nowMs(), { change: 'opened', sinceMs: clock.nowMs(), finding: brokerAway(id) }),
      ),
    );
    await Promise.all([tellBus(...events), clock.advanceTo(clock.nowMs() + 60_000)]);
    await lambda.idle();
    await pass(2);
    expect(
      document()
        .incidents.map(({ cause }) => cause.of)
        .toSorted(),
    ).toEqual(['1', '2', '3']);
    expect(outside.pagerDuty.notifications()).toHaveLength(3);
    expect(outside.calls.of('POST events.pagerduty.com/v2/enqueue')).toHaveLength(3);
    expect(topsIn(account)).toHaveLength(3);
    expect(lambda.invocations.filter(({ status }) => status !== 'success')).toEqual([]);
  }));

test('what cannot be read is set aside for people, and what goes on pages again', () =>
  inAccount(async (account) => {
    const { standIn, pass, tellFinding, document } = account;
    const { outside, s3, lambda } = standIn;
    await pass(1 + aMoment);
    await tellFinding(brokerAway(2), 'opened');
    const bucket = s3.bucket(bucketName);
    const key = stateKey('incident', clusterKey);
    const body = Buffer.from('{"version":1,"inci');
    storeObject(bucket, {
      key,
      body,
      modifiedMs: account.clock.nowMs(),
      contentType: 'application/json',
      contentEncoding: undefined,
      metadata: {},
    });
    await pass(1);
    await tellFinding(brokerAway(2), 'opened');
    expect(document().incidents.map(({ cause }) => cause.of)).toEqual(['2']);
    expect(outside.pagerDuty.incidents().map(({ summary }) => summary)).toEqual(
      Array(2).fill(expect.stringContaining('broker 2 is down')),
    );
    expect(new Set(outside.pagerDuty.incidents().map((one) => one.key)).size).toBe(2);
    const aside = [...bucket.versions.keys()].filter((one) => one !== key && one.includes('incident'));
    expect(aside).toHaveLength(1);
    expect(currentObject(bucket, aside[0] ?? '')?.body).toEqual(body);
    expect(
      lambda.logs
        .groups()
        .flatMap((group) => lambda.logs.read(group).map(({ message }) => message))
        .join('\n'),
    ).toContain('is set aside; open faults page again');
  }));

test('a minute in which nothing is new writes nothing, and logs a line of 1 KiB at most', () =>
  inAccount(async (account) => {
    const { standIn, pass } = account;
    const { lambda, world } = standIn;
    const group = `/aws/lambda/${incidentFunction}`;
    await pass(1);
    const before = { calls: world.calls.all.length, lines: lambda.logs.read(group).length };
    await pass(6);
    const writes = world.calls.all
      .slice(before.calls)
      .filter(({ service, operation }) => service === 's3' && operation === 'PutObject');
    expect(writes).toEqual([]);
    const own = lambda.logs
      .read(group)
      .slice(before.lines)
      .filter(({ message }) => message.startsWith('{'));
    const saidByStream = Map.groupBy(own, ({ stream }) => stream);
    expect(saidByStream.size).toBe(6);
    for (const said of saidByStream.values())
      expect(said.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0)).toBeLessThanOrEqual(1_024);
  }));

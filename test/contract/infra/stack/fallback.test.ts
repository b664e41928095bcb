import { beforeEach, describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { addCoreServices, type CoreServices } from '../../../../local/aws/core-services.ts';
import { type CloudWatch, createCloudWatch } from '../../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createStack } from '../../../../local/aws/template/create-stack.ts';
import { createAwsWorld } from '../../../../local/aws/world.ts';
import { type ManualClock, manualClock } from '../../../../local/clock.ts';
import type { Configuration } from '../../../../shared/core/configuration.ts';
import { incidentHeard } from '../../../../shared/core/incident-heard.ts';
import { ACCOUNT_ID, REGION, START_MS } from '../../../support/aws/aws.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';
import { tellerConfiguration, withTeller } from '../../../unit/infra/stack/teller-under-test.ts';

const minuteMs = 60_000;
const telephone = '+15550100';

/** What alarms and their topics are made of, and what those name. */
const needed = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Events::EventBus',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
];

const configuration = (): Configuration => {
  const usual = tellerConfiguration(configurationWith());
  const endpoints = { telephone: { kind: 'sms', parameter: '/mskeeper/telephone' } } as const;
  const byTopic = { ...usual.channels.byTopic, emergency: ['telephone'], critical: ['telephone'], warning: [] };
  return { ...usual, channels: { ...usual.channels, endpoints, byTopic } };
};

let clock: ManualClock;
let services: CoreServices;
let cloudWatch: CloudWatch;

/** The stack's alarms, composites and topics with their policies, as one deploy makes them at minute 0. */
beforeEach(async () => {
  clock = manualClock(START_MS);
  const world = createAwsWorld({ clock, accountId: ACCOUNT_ID, region: REGION });
  services = addCoreServices(world);
  cloudWatch = createCloudWatch(world, { putEvent: () => {} });
  services.ssm.put('/mskeeper/telephone', telephone);
  const { resources } = buildStack(configuration(), 'orders', withTeller);
  const chosen = Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => needed.includes(Type)));
  await createStack(world, { Resources: chosen }, { stackName: 'mskeeper-orders' });
  cloudWatch.start();
});

type Fault = 'unreachable' | 'offline';

/** What fires: one of three brokers away is P1, partitions without a leader are P0. */
const metrics = {
  unreachable: { namespace: 'mskeeper', name: 'BrokersUnreachable', dimensions: { Cluster: 'orders' } },
  offline: { namespace: 'AWS/Kafka', name: 'OfflinePartitionsCount', dimensions: { 'Cluster Name': 'orders-live' } },
} as const;

const silentAlarm = 'incident-silent/critical';

/**
 * Lives through minutes. Incident speaks 1 s into its minute, as one would that dies right after it.
 *
 * @param heard what incident says in a minute; undefined: it says nothing
 * @param faults what is wrong in a minute, each told 10 s into it
 */
const live = async (
  untilMinute: number,
  heard: (minute: number) => 0 | 1 | undefined,
  faults: (minute: number) => readonly Fault[] = () => [],
): Promise<void> => {
  const dimensions = { Cluster: 'orders', Procedure: 'incident' };
  for (let minute = Math.ceil((clock.nowMs() - START_MS) / minuteMs); minute < untilMinute; minute += 1) {
    const atMs = START_MS + minute * minuteMs;
    await clock.advanceTo(atMs + 1_000);
    const value = heard(minute);
    if (value !== undefined) cloudWatch.publish({ namespace: 'mskeeper', name: incidentHeard, dimensions }, value);
    await clock.advanceTo(atMs + 10_000);
    const now = faults(minute);
    for (const fault of ['unreachable', 'offline'] as const)
      cloudWatch.publish(metrics[fault], now.includes(fault) ? 1 : 0);
    await clock.advanceTo(atMs + minuteMs);
  }
};

/** What the telephone got of one state: the alarm's name below mskeeper's own, and the minute. */
const gotOf = (state: 'ALARM' | 'OK'): readonly string[] =>
  services.sns.inbox.flatMap(({ endpoint, sms, atMs }) => {
    expect(endpoint).toBe(telephone);
    expect(sms?.partCount).toBe(1);
    const [, said, name = ''] = /(ALARM|OK): "mskeeper\/orders\/self\/([^"]+)"/.exec(sms?.text ?? '') ?? [];
    expect(said).toBeDefined();
    return said === state ? [`${Math.round((atMs - START_MS) / minuteMs)} ${name}`] : [];
  });
const told = () => gotOf('ALARM');
/** Without minute 0: whether the first word of a composite finds a telephone is the order's, in which a stack is made. */
const over = () =>
  gotOf('OK')
    .filter((one) => !one.startsWith('0 '))
    .toSorted();
/** An alarm that was just made says once, after its warm-up, that all is well. */
const firstWord = `5 ${silentAlarm}`;

const alive = () => 1 as const;
const diesAfter = (last: number) => (minute: number) => (minute <= last ? (1 as const) : undefined);
const from =
  (first: number, ...faults: readonly Fault[]) =>
  (minute: number) =>
    minute >= first ? faults : [];

describe('while incident lives', () => {
  test('CloudWatch tells nobody of any alarm, however many fire', async () => {
    await live(40, alive, from(10, 'unreachable', 'offline'));
    const firing = [...cloudWatch.alarms.values()].filter(({ state }) => state.value === 'ALARM');
    expect(firing.map(({ alarm }) => alarm.name)).toEqual(
      expect.arrayContaining([
        'mskeeper/orders/cluster-health/brokers-unreachable/critical',
        'mskeeper/orders/cluster-health/offline-partitions/emergency',
      ]),
    );
    expect(told()).toEqual([]);
  });

  test('one slow minute and a deploy of two are no silence', async () => {
    const gaps = new Set([12, 20, 21, 30, 32, 33]);
    await live(40, (minute) => (gaps.has(minute) ? undefined : 1), from(10, 'offline'));
    expect(told()).toEqual([]);
  });

  test('what it knows it could not send is told 3 min later', async () => {
    await live(30, (minute) => (minute >= 20 ? 0 : 1), from(10, 'offline'));
    expect(told().toSorted()).toEqual([`23 ${silentAlarm}`, '23 nobody-told/emergency'].toSorted());
  });
});

describe('where incident died at minute 20, right after it spoke', () => {
  test('the telephone hears of it within 5 min, although nothing fires', async () => {
    await live(60, diesAfter(20));
    expect(told()).toEqual([`24 ${silentAlarm}`]);
  });

  test.each([
    ['P0', 'offline', 'nobody-told/emergency'],
    ['P1', 'unreachable', 'nobody-told/critical'],
  ] as const)('%s that fired before reaches the telephone within 5 min, once', async (_priority, fault, name) => {
    await live(60, diesAfter(20), from(10, fault));
    expect(told().toSorted()).toEqual([`24 ${silentAlarm}`, `24 ${name}`].toSorted());
  });

  test.each([
    ['P0', 'offline', 'nobody-told/emergency'],
    ['P1', 'unreachable', 'nobody-told/critical'],
  ] as const)('%s that fires afterwards is told with its alarm', async (_priority, fault, name) => {
    await live(60, diesAfter(20), from(40, fault));
    expect(told()).toEqual([`24 ${silentAlarm}`, `41 ${name}`]);
  });

  test('several alarms at once make one message a severity, and more of them none', async () => {
    await live(60, diesAfter(20), (minute) =>
      minute >= 40 ? ['offline', 'unreachable'] : minute >= 30 ? ['unreachable'] : [],
    );
    expect(told()).toEqual([`24 ${silentAlarm}`, '31 nobody-told/critical', '41 nobody-told/emergency']);
  });

  test('it is told again where it came back and died again', async () => {
    await live(60, (minute) => (minute <= 20 || (minute >= 30 && minute <= 40) ? 1 : undefined), from(10, 'offline'));
    expect(told().toSorted()).toEqual(
      [24, 44].flatMap((minute) => [`${minute} ${silentAlarm}`, `${minute} nobody-told/emergency`]).toSorted(),
    );
    // Each of them once where it came back, so that a pager does not join the second death to the first.
    expect(over()).toEqual([firstWord, `31 ${silentAlarm}`, '31 nobody-told/emergency'].toSorted());
  });
});

describe('a first deploy', () => {
  test('pages nobody where incident speaks within 5 min', async () => {
    await live(30, (minute) => (minute >= 3 ? 1 : undefined));
    expect(told()).toEqual([]);
    expect(over()).toEqual([firstWord]);
  });

  test('of an incident that never speaks is told after its warm-up', async () => {
    await live(30, () => undefined, from(1, 'offline'));
    expect(told().toSorted()).toEqual([`5 ${silentAlarm}`, '5 nobody-told/emergency'].toSorted());
  });
});

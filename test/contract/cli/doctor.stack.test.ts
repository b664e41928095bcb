import { describe, expect, test } from 'vitest';
import { brokersOf, clusterArn } from '../../support/cli/cli-world.ts';
import { deployed, examine, wrongIn } from '../../support/cli/doctor.ts';
import { brokerView, clusterView, silentBroker } from '../../support/health/builders.ts';

describe('each check of the stack finds what is wrong', () => {
  test('stack: a function of the release is missing', async () => {
    const world = await deployed();
    // The stand-in's own map: nothing else of it removes a function.
    (world.standIn.lambda.functions as Map<string, unknown>).delete('mskeeper-orders-cluster-health');
    expect(wrongIn(await examine(world))).toEqual([
      'failed stack, function mskeeper-orders-cluster-health: is missing, while others of the stack are there',
    ]);
  });

  test('permissions: what the organization stops, and what somebody took out', async () => {
    const world = await deployed();
    const { identities } = world.standIn.world;
    world.standIn.iam.stopInOrganization(['events:PutEvents']);
    const name = 'mskeeper-orders-kafka-read-eu-west-1';
    const role = identities.role(name);
    if (role === undefined) throw new Error('the role is made by the deploy');
    const kept = role.policies.map(({ statements }) => ({
      statements: statements.filter(({ sid }) => sid !== 'TheCodeDoesNot' && sid !== 'ReadGroups'),
    }));
    identities.addRole({ ...role, policies: kept });
    const ofTwoRoles = /role mskeeper-orders-(cluster-health|kafka-read)-/;
    expect(wrongIn(await examine(world)).filter((line) => ofTwoRoles.test(line))).toEqual([
      expect.stringMatching(
        /^failed permissions, role mskeeper-orders-cluster-health-eu-west-1, TellTheBus: may not events:PutEvents on arn:aws:events:eu-west-1:111122223333:event-bus\/mskeeper-orders[\w-]* \(a permissions boundary or the organization does not let it\)/,
      ),
      expect.stringMatching(
        /^failed permissions, role mskeeper-orders-kafka-read-eu-west-1, TheCodeDoesNot: may ec2:AssignPrivateIpAddresses on \*.*, which must be denied$/,
      ),
      'failed permissions, role mskeeper-orders-kafka-read-eu-west-1, ReadGroups: may not kafka-cluster:DescribeGroup on arn:aws:kafka:eu-west-1:111122223333:group/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4/doctor (no statement allows it)',
    ]);
  });

  test('subscriptions: not confirmed, and none at all', async () => {
    const world = await deployed();
    const topic = (name: string) => {
      const found = world.standIn.sns.topics().find((one) => one.name === `mskeeper-orders-${name}`);
      if (found === undefined) throw new Error(`no topic ${name}`);
      return found;
    };
    for (const name of ['emergency', 'critical'])
      for (const subscription of topic(name).subscriptions)
        subscription.isConfirmed = subscription.protocol !== 'email';
    topic('warning').subscriptions = [];
    expect(wrongIn(await examine(world))).toEqual([
      'warning subscriptions, topic emergency: 1 subscription not confirmed (email)',
      'failed subscriptions, topic critical: reaches nobody: 1 subscription not confirmed (email)',
      'warning subscriptions, topic warning: has no subscription: what is published there reaches nobody',
    ]);
  });

  test('subscriptions: Amazon Q listens to its channel’s topic, and does no more', async () => {
    const more = `channels:
  endpoints:
    on-call-sms: { kind: sms, parameter: /mskeeper/channels/on-call-sms }
    chat: { kind: amazon-q, workspace: T0123456789, channel: C0123456789 }
  byTopic: { emergency: [on-call-sms, chat], critical: [on-call-sms], warning: [on-call-sms] }
`;
    const world = await deployed({ more });
    const ofChat = async () =>
      (await examine(world)).findings.filter(
        ({ check, subject }) => check === 'subscriptions' && subject === 'channel chat',
      );
    expect(await ofChat()).toEqual([
      expect.objectContaining({ status: 'ok', message: 'Amazon Q listens to its topic' }),
    ]);
    const topic = world.standIn.sns.topics().find(({ name }) => name === 'mskeeper-orders_chat');
    if (topic === undefined) throw new Error('the topic is made by the deploy');
    topic.subscriptions = [];
    expect(await ofChat()).toEqual([
      expect.objectContaining({
        status: 'failed',
        message: expect.stringContaining('Amazon Q does not listen to its topic'),
        advice: expect.stringContaining('the workspace is authorized'),
      }),
    ]);
  });

  test('alarms: missing, silenced, and a broker that none watches', async () => {
    const world = await deployed();
    const { alarms } = world.standIn.cloudWatch;
    const [first, quiet] = [...alarms.keys()].filter((name) => name.includes('under-'));
    const second = [...alarms.keys()].find((name) => name.includes('self/incident-silent/'));
    // The stand-in's own map: DeleteAlarms is not served.
    (alarms as Map<string, unknown>).delete(first ?? '');
    // One without actions has none that could be switched off: incident hears it all the same.
    for (const name of [second, quiet]) {
      Object.assign(alarms.get(name ?? '')?.alarm ?? {}, { isActionsEnabled: false });
    }
    world.standIn.msk.setBrokers(clusterArn, brokersOf([1, 2, 3, 4]));
    expect(wrongIn(await examine(world)).filter((line) => line.includes(' alarms, '))).toEqual([
      expect.stringMatching(new RegExp(`^failed alarms, alarms: 1 of \\d+ are missing: ${first}$`)),
      `failed alarms, actions: 1 tell nobody, since their actions are disabled: ${second}`,
      'failed alarms, brokers covered: no alarm watches broker 4',
    ]);
  });

  test('claim on the cluster: another stack’s, no stack’s, and gone', async () => {
    const world = await deployed({ more: 'modes: { storage-scaling: act }\n' });
    const name = '/mskeeper/claims/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';
    const other = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/mskeeper-orders-eu/1a2b';
    const claim = async () => wrongIn(await examine(world)).filter((line) => line.includes('cluster-claim'));
    expect(await claim()).toEqual([]);
    world.standIn.ssm.put(name, other);
    const stopped = 'storage-scaling may act by mode, and will not';
    expect(await claim()).toEqual([
      `failed cluster-claim, parameter ${name}: says that the stack mskeeper-orders-eu keeps this cluster (${other}): ${stopped}`,
    ]);
    for (const value of ['', 'a word of somebody’s', `${other}\u001b[31m`]) {
      world.standIn.ssm.put(name, value);
      expect(await claim()).toEqual([
        `failed cluster-claim, parameter ${name}: names no stack, so nothing acts: ${stopped}`,
      ]);
    }
    world.standIn.ssm.remove(name);
    expect(await claim()).toEqual([
      `failed cluster-claim, parameter ${name}: is not there, so nobody knows which stack keeps the cluster, and nothing acts: ${stopped}`,
    ]);
  });

  test('brokers: one that is silent, and a kafka-read that cannot begin', async () => {
    const world = await deployed();
    await world.show(clusterView({ brokers: [brokerView(1), silentBroker(2), brokerView(3)] }));
    expect(wrongIn(await examine(world))).toEqual(['failed brokers, broker 2: timed-out: as the test has it']);
    const denied = new Error('secretsmanager:GetSecretValue: denied: AccessDeniedException: no');
    denied.name = 'DependencyError';
    await world.show(denied);
    expect(wrongIn(await examine(world))).toEqual([
      'unknown brokers, kafka-read: kafka/read: DependencyError: secretsmanager:GetSecretValue: denied: AccessDeniedException: no',
    ]);
  });
});

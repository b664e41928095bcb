import { describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { ClusterConfiguration, Configuration } from '../../../../shared/core/configuration.ts';
import { bankSettings } from '../../../support/stack/bank-settings.ts';
import { at, configurationWith, listOf, objectsOf, ofType, shown } from './stack-under-test.ts';
import { withoutTeller } from './teller-under-test.ts';

const channel = (id: string) => ({ kind: 'amazon-q', workspace: 'T0123456789', channel: id }) as const;
const configurationOf = (endpoints: readonly string[], change: Partial<ClusterConfiguration> = {}): Configuration => ({
  ...configurationWith(change),
  channels: {
    endpoints: {
      sms: { kind: 'sms', parameter: '/mskeeper/sms' },
      ...Object.fromEntries(endpoints.map((name, index) => [name, channel(`C00000000${index}`)])),
    },
    byTopic: {
      emergency: ['sms', ...endpoints],
      critical: ['sms'],
      warning: endpoints.slice(0, 1),
      maintenance: [],
      operations: [],
    },
  },
});
const resourcesOf = (...of: Parameters<typeof configurationOf>) =>
  Object.entries(buildStack(configurationOf(...of), 'orders').resources);
const type = 'AWS::Chatbot::SlackChannelConfiguration';

test('a stack without such an endpoint has nothing of Amazon Q', () => {
  expect(JSON.stringify(resourcesOf([]))).not.toMatch(/chatbot|AmazonQ/i);
});

test('each endpoint has a configuration, with its own topic and those of mskeeper itself at its severities', () => {
  const made = ofType(resourcesOf(['chat', 'room']), type);
  expect(made.map(({ Properties }) => [Properties.ConfigurationName, Properties.SlackChannelId])).toEqual([
    ['mskeeper-orders_chat_eu-west-1', 'C000000000'],
    ['mskeeper-orders_room_eu-west-1', 'C000000001'],
  ]);
  expect(made.map(({ Properties }) => listOf(Properties.SnsTopicArns).map(shown))).toEqual([
    ['ChatAmazonQTopic', 'SelfEmergencyTopic', 'SelfWarningTopic'],
    ['RoomAmazonQTopic', 'SelfEmergencyTopic'],
  ]);
  for (const { Properties } of made) {
    expect(Properties).toMatchObject({
      SlackWorkspaceId: 'T0123456789',
      GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
      LoggingLevel: 'ERROR',
    });
    expect(shown(Properties.IamRoleArn)).toBe('AmazonQRole');
    expect(objectsOf(Properties.Tags).map(({ Key }) => Key)).toContain('mskeeper:cluster');
  }
});

test('the role is Amazon Q’s alone, and may nothing', () => {
  const resources = resourcesOf(['chat', 'room'], { stack: bankSettings });
  const roles = ofType(resources, 'AWS::IAM::Role').filter(({ logicalId }) => logicalId === 'AmazonQRole');
  expect(roles).toHaveLength(1);
  const [{ Properties } = { Properties: {} }] = roles;
  expect(Properties).not.toHaveProperty('Policies');
  expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  expect(Properties).toMatchObject({
    RoleName: 'mskeeper-orders-amazon-q-eu-west-1',
    PermissionsBoundary: bankSettings.permissionsBoundary,
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'chatbot.amazonaws.com' }, Action: ['sts:AssumeRole'] }],
    },
  });
});

describe('its topic', () => {
  const policyOf = (resources: ReturnType<typeof resourcesOf>) => {
    const [policy] = ofType(resources, 'AWS::SNS::TopicPolicy').filter(({ logicalId }) => logicalId.startsWith('Chat'));
    return objectsOf(at(policy?.Properties, 'PolicyDocument', 'Statement'));
  };

  test('is encrypted as the others, and takes no word of any alarm, nor of who may do anything anywhere', () => {
    const resources = resourcesOf(['chat']);
    const [topic] = ofType(resources, 'AWS::SNS::Topic').filter(({ logicalId }) => logicalId === 'ChatAmazonQTopic');
    expect(topic?.Properties.TopicName).toBe('mskeeper-orders_chat');
    expect(shown(topic?.Properties.KmsMasterKeyId)).toBe('TopicKey');
    const statements = policyOf(resources);
    expect(statements.map(({ Sid }) => Sid)).toEqual(['ProceduresOfThisStack', 'NobodyElse', 'DenyWithoutTls']);
    const [allowed] = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(listOf(at(allowed, 'Principal', 'AWS')).map(shown)).toEqual(['IncidentRole']);
    expect(allowed?.Action).toEqual(['sns:Publish']);
  });

  test('is written by who declares it, and closed where somebody is left who may mend it', () => {
    const { resources } = buildStack(configurationOf(['chat']), 'orders', withoutTeller);
    expect(policyOf(Object.entries(resources)).map(({ Sid }) => Sid)).toEqual(['NobodyElse', 'DenyWithoutTls']);
    expect(policyOf(resourcesOf(['chat'], { stack: bankSettings })).map(({ Sid }) => Sid)).toContain(
      'ChangedByDeploysAlone',
    );
  });
});

test('names of endpoints that are like words of ours, like each other or very long stay apart, and within Amazon Q’s limits', () => {
  const names = ['critical', 'self-critical', 'ops-2', 'ops2', 'eu', 'eu-west-1', 'a'.repeat(64), `${'a'.repeat(63)}b`];
  const keys = ['orders', 'orders-self', 'orders-eu', 'k'.repeat(24)];
  const { orders } = configurationWith().clusters;
  if (orders === undefined) throw new Error('no cluster');
  const made = keys.flatMap((key) => {
    const clusters = {
      [key]: { ...orders, region: 'ap-southeast-2', arn: orders.arn.replace('eu-west-1', 'ap-southeast-2') },
    };
    return Object.entries(buildStack({ ...configurationOf(names), clusters }, key).resources);
  });
  const configurations = ofType(made, type).map(({ Properties }) => String(Properties.ConfigurationName));
  const topics = ofType(made, 'AWS::SNS::Topic').map(({ Properties }) => String(Properties.TopicName));
  const ofAmazonQ = topics.filter((name) => /^mskeeper-[a-z-]+_(?!self_)/.test(name));
  expect(configurations).toHaveLength(keys.length * names.length);
  expect(new Set(configurations).size).toBe(configurations.length);
  expect(configurations.filter((name) => !/^[A-Za-z0-9-_]{1,128}$/.test(name))).toEqual([]);
  expect(ofAmazonQ).toHaveLength(keys.length * names.length);
  expect(new Set(topics).size).toBe(topics.length);
});

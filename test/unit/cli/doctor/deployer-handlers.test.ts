import { describe, expect, test } from 'vitest';
import { planDeployerActions } from '../../../../cli/doctor/deployer-actions.ts';
import type { StackParts } from '../../../../infra/functions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import type { Json } from '../../../../shared/deployment/template.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { bankSettings } from '../../../support/stack/bank-settings.ts';
import { channelActionsInGuide, usualActionsInGuide } from '../../../support/stack/deploy-guide.ts';
import { handlerPermissions } from '../../../support/stack/handler-permissions.ts';
import {
  tellerContextWith,
  tellerResourcesWith,
  withoutTeller,
  withTeller,
} from '../../infra/stack/teller-under-test.ts';

const channels = `channels:
  endpoints:
    team-mail: { kind: email, parameter: /mskeeper/mail }
    pagers: { kind: https, secret: mskeeper/pagers }
  byTopic: { emergency: [team-mail, pagers] }
`;

/** A resource by its type, and every name of a property at any depth. */
type Made = { readonly type: string; readonly properties: ReadonlySet<string> };

const namesIn = (value: Json): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => namesIn(item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...namesIn(item)]);
};

/** osls' part of a template, which packaging adds: its properties as `package.test.ts` and `package-settings.test.ts` find them. */
const ofOsls = (stack: StackSettings): readonly Made[] => [
  {
    type: 'AWS::Lambda::Function',
    properties: new Set([
      'Tags',
      'VpcConfig',
      'Environment',
      ...(stack.keys?.environment === undefined ? [] : ['KmsKeyArn']),
      ...(stack.reservedConcurrency === undefined ? [] : ['ReservedConcurrentExecutions']),
    ]),
  },
  { type: 'AWS::Lambda::Version', properties: new Set() },
  { type: 'AWS::Lambda::Alias', properties: new Set() },
  { type: 'AWS::Logs::LogGroup', properties: new Set(stack.keys?.logs === undefined ? [] : ['KmsKeyId']) },
];

const stackWith = (stack: StackSettings, more = channels, parts?: StackParts) => {
  const { configuration } = judge(smallFile({}, more));
  const orders = configuration?.clusters.orders;
  if (configuration === undefined || orders === undefined) throw new Error('the file is sound');
  const changed = {
    ...configuration,
    approverPrincipals: ['arn:aws:iam::111122223333:role/on-call'],
    clusters: { orders: { ...orders, stack } },
    schedules: { ...configuration.schedules, 'incident-minute': 'rate(1 minute)' },
  };
  const { resources } = buildStack(changed, 'orders', parts);
  const made: readonly Made[] = [
    ...ofOsls(stack),
    ...Object.values(resources).map(({ Type, Properties }) => ({
      type: Type,
      properties: new Set(namesIn(Properties)),
    })),
  ];
  const asked = planDeployerActions(stackContextOf(changed, 'orders', parts), resources).flatMap(
    ({ actions }) => actions,
  );
  return { made, asked: new Set(asked) };
};

const wordsIn = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What the handlers of a template's resources call. */
const wantedBy = (made: readonly Made[]): ReadonlySet<string> =>
  new Set(
    made.flatMap(({ type, properties }) => {
      const { always, by = {} } = handlerPermissions[type] ?? { always: `unknown:${type}` };
      return [
        ...wordsIn(always),
        ...Object.entries(by).flatMap(([property, actions]) => (properties.has(property) ? wordsIn(actions) : [])),
      ];
    }),
  );

/** Asked for in the guide, and not by the doctor: a key that the stack makes has no name before it is made. */
const onKeysToBe = new Set(usualActionsInGuide['their key']);

describe.each<[string, StackSettings, StackParts?]>([
  ['without settings', {}],
  ['with every setting', bankSettings],
  ['with accesses logged elsewhere', { accessLog: { bucket: 'company-access-logs' } }],
  ['with a procedure that tells people', {}, withTeller],
])('a stack %s', (_name, settings, parts) => {
  const { made, asked } = stackWith(settings, channels, parts);

  test('is of types whose handlers are known', () => {
    expect([...new Set(made.map(({ type }) => type))].filter((type) => handlerPermissions[type] === undefined)).toEqual(
      [],
    );
  });

  test('wants of whoever deploys no action that the doctor and the guide do not ask for', () => {
    const wanted = wantedBy(made);
    expect(wanted.size).toBeGreaterThan(100);
    expect([...wanted].filter((action) => !asked.has(action) && !onKeysToBe.has(action))).toEqual([]);
  });
});

describe('a stack with a channel of Amazon Q', () => {
  const chat = '    chat: { kind: amazon-q, workspace: T0123456789, channel: C0123456789 }\n';
  const { made, asked } = stackWith({}, channels.replace('  byTopic', `${chat}  byTopic`));

  test('wants no action that the doctor does not ask for, and the doctor asks for nothing of it elsewhere', () => {
    const wanted = wantedBy(made);
    expect(made.map(({ type }) => type)).toContain('AWS::Chatbot::SlackChannelConfiguration');
    expect([...wanted].filter((action) => !asked.has(action) && !onKeysToBe.has(action))).toEqual([]);
    const ofAmazonQ = [...asked].filter((action) => /^chatbot:|ServiceLinkedRole/.test(action));
    expect(ofAmazonQ.filter((action) => !wanted.has(action))).toEqual([]);
    expect(ofAmazonQ.toSorted()).toEqual([...channelActionsInGuide].filter((one) => one !== 'iam:PassRole').toSorted());
    expect([...stackWith({}).asked].filter((action) => /^chatbot:|ServiceLinkedRole/.test(action))).toEqual([]);
  });
});

/** What no handler calls, and who does. */
const beside: Readonly<Record<string, string>> = {
  'cloudformation:': 'osls and npm run deploy themselves',
  's3:ListBucketVersions': 'osls empties the bucket of bundles version by version',
  's3:DeleteObjectVersion': 'the same',
  's3:PutObject': 'osls uploads bundles and templates',
  'lambda:InvokeFunction': 'the guide’s eighth step',
  'lambda:ListDurableExecutionsByFunction': 'npm run deploy tells which runs are under way',
  'ssm:GetParameters': 'CloudFormation resolves addresses',
  'secretsmanager:GetSecretValue': 'the same',
};

test.each<[string, StackSettings, StackParts?]>([
  ['without settings', {}],
  ['with every setting', bankSettings],
  ['with a procedure that tells people', {}, withTeller],
])(
  'of a stack %s the doctor asks for nothing that neither a handler nor anybody named here calls',
  (_name, settings, parts) => {
    const { made, asked } = stackWith(settings, channels, parts);
    const wanted = wantedBy(made);
    const known = Object.keys(beside);
    // Objects under the key of the bundles are read and written through S3, which asks KMS for the caller.
    const throughS3 = ['kms:GenerateDataKey', 'kms:Decrypt'];
    expect(
      [...asked].filter(
        (action) =>
          !wanted.has(action) &&
          !throughS3.includes(action) &&
          !known.some((beginning) => action.startsWith(beginning)),
      ),
    ).toEqual([]);
  },
);

/**
 * Where the Service Authorization Reference (parliament 1.6.4's data) names no type of resource for an action, a grant on names
 * grants nothing.
 */
const onEverythingAlone = [
  'cloudformation:ValidateTemplate',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'events:PutPermission',
  'events:RemovePermission',
  'kms:CreateKey',
  'lambda:CreateEventSourceMapping',
  'logs:DescribeIndexPolicies',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'sns:GetSubscriptionAttributes',
  'sns:SetSubscriptionAttributes',
  'sns:Unsubscribe',
];

/** The reference names alarms for them, and of a composite CloudWatch grants them on everything alone (API Reference, PutCompositeAlarm, DescribeAlarms). */
const ofComposites = ['cloudwatch:DescribeAlarms', 'cloudwatch:PutCompositeAlarm'];

test('what stands on no resource is asked about on *, and nothing else is', () => {
  const { configuration } = judge(smallFile({}, channels));
  if (configuration === undefined) throw new Error('the file is sound');
  const rows = planDeployerActions(
    stackContextOf(configuration, 'orders'),
    buildStack(configuration, 'orders').resources,
  );
  const onAny = rows.filter(({ resourceArns }) => resourceArns.includes('*')).flatMap(({ actions }) => actions);
  expect(onAny.toSorted()).toEqual([...onEverythingAlone, ...ofComposites].toSorted());
  const named = rows.filter(({ resourceArns }) => !resourceArns.includes('*')).flatMap(({ actions }) => actions);
  expect(named.filter((action) => onEverythingAlone.includes(action))).toEqual([]);
});

test('composites and mappings are asked about where a stack has them, on what grants them', () => {
  const resources = Object.fromEntries(tellerResourcesWith());
  const rows = planDeployerActions(tellerContextWith(), resources);
  const on = (action: string) =>
    rows.filter(({ actions }) => actions.includes(action)).flatMap(({ resourceArns }) => resourceArns);
  const mapping = 'arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:mskeeper-orders-doctor';
  expect(on('cloudwatch:PutCompositeAlarm')).toEqual(['*']);
  expect(on('cloudwatch:DescribeAlarms')).toContain('*');
  expect(on('lambda:CreateEventSourceMapping')).toEqual(['*']);
  expect(on('lambda:DeleteEventSourceMapping')).toEqual([mapping]);
  const { asked } = stackWith({}, channels, withoutTeller);
  expect([...asked].filter((action) => /Composite|SourceMapping/.test(action))).toEqual([]);
});

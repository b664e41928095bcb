import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { awaitedActingProcedures } from '../../../../infra/procedures.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { auditKey, claimKey as causeKey, procedureAuditPrefix } from '../../../../shared/acting/core/keys.ts';
import { claimKey, reportKey, reportPrefix, stateKey } from '../../../../shared/core/store-keys.ts';
import type { Json, Resource } from '../../../../shared/deployment/template.ts';
import { cases } from '../../../support/depth.ts';
import { configurationWith } from './stack-under-test.ts';

const slugs = [...functionDefinitions.map(({ slug }) => slug), ...awaitedActingProcedures];
const procedureSlugs = [
  ...new Set([...functionDefinitions.map(({ procedure }) => procedure), ...awaitedActingProcedures]),
];

/** Words behind a cluster's key in names of one kind. */
const words: Readonly<Record<string, readonly string[]>> = {
  functions: slugs,
  roles: [...slugs, 'approver', 'scheduler', 'amazon-q'],
  schedules: functionDefinitions.flatMap(({ schedules }) => schedules.map(({ key }) => key)),
  rules: slugs.flatMap((slug) => ['alarms', 'run-ended', 'bus'].map((what) => `${slug}-${what}`)),
  queues: ['failed-runs', 'undelivered-schedules', 'undelivered-alarms', 'incident', 'incident-dead-letters'],
  topics: ['emergency', 'critical', 'warning', 'maintenance', 'operations'],
};

/**
 * `<key>-<word>` of two stacks can be one name only where one word is the end of another behind a dash: the dash is what a
 * key may hold, too.
 */
test.each(Object.entries(words))('no word of %s ends in another one', (_kind, family) => {
  const pairs = family.flatMap((word) => family.filter((other) => word !== other && word.endsWith(`-${other}`)));
  expect(pairs).toEqual([]);
});

const account = '111122223333';
const region = 'eu-west-1';

const stackOf = (clusterKey: string) => {
  const configuration = configurationWith();
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  const approverPrincipals = [`arn:aws:iam::${account}:role/on-call`];
  // Each is a cluster of its own, called like its key.
  const arn = orders.arn.replace('cluster/orders-live/', `cluster/${clusterKey}/`);
  const clusters = { [clusterKey]: { ...orders, name: clusterKey, arn } };
  return buildStack({ ...configuration, approverPrincipals, clusters }, clusterKey);
};

const textsIn = (value: Json | undefined): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((item) => textsIn(item)) : [];
};

const nameKeys = ['AlarmName', 'RoleName', 'TopicName', 'QueueName', 'Name'];
/** An alias is called so within its function, and nowhere else. */
const nameOf = ({ Type, Properties }: Resource): string | undefined =>
  Type === 'AWS::Lambda::Alias'
    ? undefined
    : nameKeys.map((key) => Properties[key]).find((name) => typeof name === 'string');

/** What of a stack is called something in the account: type and name, and each name as ARNs say it. */
const namedIn = (clusterKey: string) => {
  const { functions, resources } = stackOf(clusterKey);
  const functionNames = Object.values(functions).map(({ name }) => String(name));
  const named = Object.values(resources).flatMap((one) => {
    const name = nameOf(one);
    return name === undefined ? [] : [{ type: one.Type, name }];
  });
  const places: Readonly<Record<string, readonly string[]>> = {
    'AWS::CloudWatch::Alarm': ['cloudwatch', 'alarm:'],
    'AWS::SNS::Topic': ['sns', ''],
    'AWS::SQS::Queue': ['sqs', ''],
    'AWS::Events::Rule': ['events', 'rule/'],
    'AWS::Events::EventBus': ['events', 'event-bus/'],
    'AWS::Scheduler::Schedule': ['scheduler', `schedule/mskeeper-${clusterKey}/`],
    'AWS::Scheduler::ScheduleGroup': ['scheduler', 'schedule-group/'],
  };
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  return {
    names: [...functionNames.map((name) => `function ${name}`), ...named.map(({ type, name }) => `${type} ${name}`)],
    // As patterns of policies and of rules read them: ARNs, and of alarms the plain name, too.
    arns: [
      ...functionNames.flatMap((name) => [
        arn('lambda', `function:${name}`),
        arn('lambda', `function:${name}:7`),
        arn('lambda', `function:${name}:commands`),
        arn('lambda', `function:${name}:7/durable-execution/a/b`),
        arn('logs', `log-group:/aws/lambda/${name}:log-stream:x`),
      ]),
      ...named.flatMap(({ type, name }) => {
        const [service, before] = places[type] ?? [];
        return service === undefined ? [name] : [arn(service, `${before}${name}`), name];
      }),
    ],
  };
};

/** Meant for all of the account's: IAM narrows these no further, and its tables say so (infra/stack, shared/deployment). */
const general = /^(?:\*|arn:aws:cloudwatch:[^:]+:\d+:alarm:\*|arn:aws:kms:[^:]+:\d+:key\/\*)$/;

/** Patterns of IAM, and the prefixes of rules, in one form. */
const patternsIn = (clusterKey: string): readonly RegExp[] => {
  const { resources } = stackOf(clusterKey);
  const prefixes = Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Events::Rule' ? prefixesIn(Properties.EventPattern) : [],
  );
  const wild = Object.values(resources)
    .flatMap(({ Properties }) => [
      ...textsIn(Properties.Policies),
      ...textsIn(Properties.PolicyDocument),
      ...textsIn(Properties.AssumeRolePolicyDocument),
    ])
    .filter((text) => /^arn:.*[*?]/.test(text) && !general.test(text));
  return [...wild, ...prefixes.map((prefix) => `${prefix}*`)].map(
    (text) =>
      new RegExp(
        `^${text
          .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      ),
  );
};

const prefixesIn = (value: Json | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => prefixesIn(item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'prefix' && typeof item === 'string' ? [item] : prefixesIn(item),
  );
};

/** Keys made of what names are made of: of others' beginnings and of procedures' words. */
const piece = fc.constantFrom('orders', 'eu', 'a', ...new Set(slugs.flatMap((slug) => slug.split('-'))));
const key = fc
  .array(piece, { minLength: 1, maxLength: 3 })
  .map((pieces) => pieces.join('-'))
  .filter((text) => text.length <= 24);

describe('two clusters of one account and Region', () => {
  test('have no name in common, and no pattern of one matches what is the other’s', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 2, maxLength: 2 }), ([left = '', right = '']) => {
        const [ours, theirs] = [namedIn(left), namedIn(right)];
        expect(ours.names.filter((name) => theirs.names.includes(name))).toEqual([]);
        const patterns = patternsIn(left);
        expect(patterns.length).toBeGreaterThan(5);
        expect(theirs.arns.filter((arn) => patterns.some((pattern) => pattern.test(arn)))).toEqual([]);
        expect(ours.arns.some((arn) => patterns.some((pattern) => pattern.test(arn)))).toBe(true);
      }),
      cases(8, 1_000),
    );
  });
});

test('a key that goes on as a name of another stack’s does has no name of that stack’s: every beginning of every name', () => {
  const { names } = namedIn('orders');
  const isKey = (text: string) => /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text) && text.length <= 24;
  const goingOn = names.flatMap((name) => {
    const words = (/mskeeper-orders-(.+)$/.exec(name)?.[1] ?? '').split(/[-_/]/);
    return words.map((_, index) => `orders-${words.slice(0, index + 1).join('-')}`);
  });
  const keys = [...new Set([...goingOn, 'orders-self', 'orders-self-critical'])].filter(isKey);
  expect(keys.length).toBeGreaterThan(20);
  for (const other of keys)
    expect(
      namedIn(other).names.filter((name) => names.includes(name)),
      other,
    ).toEqual([]);
});

test('keys of the bucket: no procedure’s place holds another’s, nor one cluster’s another’s', () => {
  const places = (procedure: string, cluster: string) => ({
    prefixes: [
      `${reportPrefix(procedure)}${cluster}/`,
      procedureAuditPrefix(cluster, procedure),
      `approvals/${cluster}/`,
    ],
    keys: [
      reportKey(procedure, cluster, 0, 'run'),
      stateKey(procedure, cluster),
      claimKey(procedure, cluster),
      auditKey(cluster, procedure, 0, 'cause'),
      causeKey(cluster, procedure, 'cause'),
    ],
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...procedureSlugs),
      fc.constantFrom(...procedureSlugs),
      key,
      key,
      (one, other, left, right) => {
        fc.pre(one !== other || left !== right);
        const [ours, theirs] = [places(one, left), places(other, right)];
        expect(ours.keys.filter((name) => theirs.keys.includes(name))).toEqual([]);
        const own = ours.prefixes.filter((prefix) => !prefix.startsWith('approvals/'));
        expect(theirs.keys.filter((name) => own.some((prefix) => name.startsWith(prefix)))).toEqual([]);
      },
    ),
    cases(500, 20_000),
  );
});

test('in the bucket every pattern of a policy ends a whole part: what begins alike is not meant', () => {
  const { resources } = stackOf('orders');
  const patterns = Object.values(resources)
    .flatMap(({ Properties }) => [...textsIn(Properties.Policies), ...textsIn(Properties.PolicyDocument)])
    .filter((text) => text.startsWith('/') && text.includes('*'));
  expect(patterns.length).toBeGreaterThan(10);
  expect(patterns.filter((pattern) => !/\/\*$/.test(pattern) || pattern.indexOf('*') < pattern.length - 1)).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmResources, alarmsNotMade, alarmsOf, compositesOf } from '../../../../infra/stack/alarms.ts';
import type { AlarmValue } from '../../../../local/aws/services/cloudwatch/alarm.ts';
import {
  alarmsOfRule,
  isRuleTrue,
  parseAlarmRule,
  type RuleExpression,
} from '../../../../local/aws/services/cloudwatch/alarm-rule.ts';
import { brokerIdsFromOne } from '../../../../shared/core/broker-ids.ts';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import { nameOfAlarm } from '../../../../shared/deployment/alarm.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import type { Json, Resources } from '../../../../shared/deployment/template.ts';
import { cases } from '../../../support/depth.ts';
import { serverless } from './alarms-under-test.ts';
import { contextWith, listOf, ofType, shown } from './stack-under-test.ts';
import { tellerContextWith, withoutTeller, withTeller } from './teller-under-test.ts';

/** A lag that pages by both severities, for as many pairs of groups and topics as a file names. */
const pagingLag = { warning: 1, critical: 2, emergency: 3 };

const lagging = (change: Partial<ClusterConfiguration>): StackContext => {
  const context = tellerContextWith(change);
  const { policy } = context.configuration;
  const limits = { ...policy.limits, lagMessages: pagingLag, lagSeconds: pagingLag };
  return { ...context, configuration: { ...context.configuration, policy: { ...policy, limits } } };
};

const named = (topics: readonly string[], groups: readonly string[], brokerCount = 3): StackContext =>
  lagging({
    brokerCount,
    brokerIds: brokerIdsFromOne(brokerCount),
    monitoringLevel: 'PER_TOPIC_PER_PARTITION',
    topics: {
      critical: topics.map((name) => ({ name, replicationFactor: 3 })),
      watch: ['*'],
      ignore: [],
      deadLetter: [],
      flowing: topics.map((name) => ({ name, minMessagesPerMinute: 1 })),
    },
    groups: { watch: groups, ignore: [] },
  });

/** A rule as CloudFormation makes it: a reference to a composite may become its name or its ARN. */
const ruleText = (value: Json | undefined, resources: Resources, composites: 'names' | 'arns'): string => {
  if (typeof value === 'string') return value;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [[what, argument] = []] = entries;
  if (what === 'Fn::Join') {
    const [separator, parts] = listOf(argument);
    return listOf(parts)
      .map((part) => ruleText(part, resources, composites))
      .join(String(separator));
  }
  const { Type, Properties } = resources[String(argument)] ?? { Type: '', Properties: {} };
  if (what !== 'Ref' || Properties.AlarmName === undefined) throw new Error(`no alarm ${JSON.stringify(value)}`);
  const arn = Type === 'AWS::CloudWatch::CompositeAlarm' && composites === 'arns' ? arnFrame : '';
  return `${arn}${shown(Properties.AlarmName)}`;
};
const arnFrame = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:';

type Judged = {
  readonly name: string;
  readonly text: string;
  readonly rule: RuleExpression;
  readonly actions: Json;
  readonly ends: Json;
};

const judgedOf = (context: StackContext, composites: 'names' | 'arns' = 'arns'): readonly Judged[] => {
  const resources = alarmResources(context, withTeller);
  return ofType(Object.entries(resources), 'AWS::CloudWatch::CompositeAlarm').map(({ Properties }) => {
    const text = ruleText(Properties.AlarmRule, resources, composites);
    return {
      name: shown(Properties.AlarmName),
      text,
      rule: parseAlarmRule(text),
      actions: listOf(Properties.AlarmActions).map(shown),
      ends: listOf(Properties.OKActions).map(shown),
    };
  });
};

const silent = 'mskeeper/orders/self/incident-silent/critical';
const topOf = (severity: string) => `mskeeper/orders/self/nobody-told/${severity}`;
const severities = ['emergency', 'critical'] as const;

/** The names of a severity's alarms, of any owner but mskeeper itself. */
const watchedOf = (context: StackContext, severity: string): readonly string[] =>
  alarmsOf(context, withTeller)
    .filter((alarm) => alarm.owner !== 'self' && alarm.severity === severity)
    .map((alarm) => nameOfAlarm(context, alarm));

/** States as CloudWatch would have them, composites after what they are made of. */
const isInAlarm = (judged: readonly Judged[], name: string, firing: ReadonlySet<string>): boolean => {
  const composite = judged.find((one) => one.name === name);
  const stateOf = (child: string): AlarmValue => (isInAlarm(judged, child, firing) ? 'ALARM' : 'OK');
  return composite === undefined ? firing.has(name) : isRuleTrue(composite.rule, stateOf);
};

/** Below a composite, through all composites. */
const leavesOf = (judged: readonly Judged[], name: string): readonly string[] => {
  const composite = judged.find((one) => one.name === name);
  return composite === undefined ? [name] : alarmsOfRule(composite.rule).flatMap((child) => leavesOf(judged, child));
};

const topic = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), fc.stringMatching(/^[A-Za-z0-9._-]{200}$/));
const group = fc
  .oneof(
    topic,
    fc.stringMatching(/^[ -9;-~]{200}$/),
    fc.constantFrom('a") OR ALARM("b', "it's", 'back\\slash', ') AND TRUE OR (', 'ALARM(x)'),
  )
  .filter((name) => !/[*?]/.test(name) && name.trim() !== '');

describe('whatever topics and groups are called, and however many there are', () => {
  const drawn = fc.record({
    topics: fc.uniqueArray(topic, { minLength: 1, maxLength: 12 }),
    groups: fc.uniqueArray(group, { minLength: 1, maxLength: 12 }),
    brokerCount: fc.constantFrom(3, 60),
  });

  test('every rule is within CloudWatch’s limits, and every alarm of the severity in exactly one', () => {
    fc.assert(
      fc.property(drawn, ({ topics, groups, brokerCount }) => {
        const context = named(topics, groups, brokerCount);
        const judged = judgedOf(context);
        for (const { name, text, rule } of judged) {
          expect(Buffer.byteLength(text), name).toBeLessThanOrEqual(10_240);
          expect(alarmsOfRule(rule).length, name).toBeLessThanOrEqual(100);
        }
        for (const severity of severities) {
          const watched = watchedOf(context, severity);
          expect(watched.length).toBeGreaterThanOrEqual(2 * topics.length * groups.length);
          expect(leavesOf(judged, topOf(severity)).toSorted()).toEqual([...watched, silent].toSorted());
        }
        expect(judgedOf(context, 'names').map(({ rule }) => rule)).toEqual(judged.map(({ rule }) => rule));
      }),
      cases(12, 400),
    );
  });

  test('it tells of a severity if and only if one of its alarms fires and incident is silent', () => {
    fc.assert(
      fc.property(drawn, fc.nat(), fc.boolean(), ({ topics, groups, brokerCount }, seed, isSilent) => {
        const context = named(topics, groups, brokerCount);
        const judged = judgedOf(context);
        const all = severities.flatMap((severity) => watchedOf(context, severity));
        // None, one, or a third of all.
        for (const firing of [[], [all[seed % all.length] ?? ''], all.filter((_, index) => (index + seed) % 3 === 0)]) {
          const states = new Set([...firing, ...(isSilent ? [silent] : [])]);
          for (const severity of severities)
            expect(isInAlarm(judged, topOf(severity), states)).toBe(
              isSilent && watchedOf(context, severity).some((name) => states.has(name)),
            );
        }
      }),
      cases(12, 400),
    );
  });
});

test('few alarms need no groups, and each severity has a topic of mskeeper’s own, for beginning and end', () => {
  expect(judgedOf(tellerContextWith()).map(({ name, actions, ends }) => [name, actions, ends])).toEqual([
    [topOf('emergency'), ['SelfEmergencyTopic'], ['SelfEmergencyTopic']],
    [topOf('critical'), ['SelfCriticalTopic'], ['SelfCriticalTopic']],
  ]);
});

test('many are grouped, and groups tell nobody', () => {
  const topics = Array.from({ length: 15 }, (_, index) => `${'t'.repeat(198)}${10 + index}`);
  const groups = Array.from({ length: 8 }, (_, index) => `${'g'.repeat(198)}${10 + index}`);
  const judged = judgedOf(named(topics, groups, 60));
  const telling = judged.filter(({ actions, ends }) => listOf(actions).length > 0 || listOf(ends).length > 0);
  expect(telling.map(({ name }) => name)).toEqual(severities.map(topOf));
  const parts = judged.filter((one) => !telling.includes(one)).map(({ name }) => name);
  // 240 alarms of each severity, whose names have 255 characters: 38 fit into a rule.
  expect(parts.length).toBeGreaterThanOrEqual(2 * Math.ceil(240 / 38));
  expect(parts).toContain('mskeeper/orders/self/any-alarm/emergency/group-1');
  expect(parts.filter((name) => !name.startsWith('mskeeper/orders/self/any-alarm/'))).toEqual([]);
});

test('a hundred children are the most, incident’s silence among them', () => {
  const counted = (groupCount: number) => {
    const context = named(
      ['t'],
      Array.from({ length: groupCount }, (_, index) => `g${index}`),
    );
    const compositeCount = judgedOf(context).filter(({ name }) => name.includes('/emergency')).length;
    return { alarmCount: watchedOf(context, 'emergency').length, compositeCount };
  };
  const base = counted(1).alarmCount - 2;
  const most = Math.floor((99 - base) / 2);
  expect(counted(most)).toEqual({ alarmCount: base + 2 * most, compositeCount: 1 });
  const next = counted(most + 1);
  expect(next.alarmCount).toBeGreaterThan(99);
  // A group tells nobody and needs no silence: it takes a hundred.
  expect(next.compositeCount).toBe(next.alarmCount > 100 ? 3 : 2);
});

test('a severity without alarms has none, and that is said', () => {
  const context = tellerContextWith(serverless);
  const { policy } = context.configuration;
  const bare = {
    ...context,
    configuration: { ...context.configuration, policy: { ...policy, limits: {}, floors: {} } },
  };
  const without = severities.filter((severity) => watchedOf(bare, severity).length === 0);
  expect(without).toContain('critical');
  const what = alarmsNotMade(bare, withTeller).map((one) => one.what);
  expect(what.filter((one) => one.startsWith('nobody-told'))).toEqual(without.map((one) => `nobody-told ${one}`));
  expect(judgedOf(bare).map(({ name }) => name)).toEqual(
    severities.filter((severity) => !without.includes(severity)).map(topOf),
  );
});

test('while alarms tell people themselves there is no fallback, and nobody misses it', () => {
  const context = { ...contextWith(), functions: withoutTeller.functions };
  expect(compositesOf(context, withoutTeller)).toEqual([]);
  const what = alarmsNotMade({ ...context, cluster: { ...context.cluster, ...serverless } }, withoutTeller);
  expect(what.filter((one) => one.what.startsWith('nobody-told'))).toEqual([]);
});

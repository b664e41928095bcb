import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { Json } from '../../../../shared/deployment/template.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { cases } from '../../../support/depth.ts';

const stackOf = (brokerIds: readonly number[] | undefined, brokerCount: number) => {
  const ids = brokerIds === undefined ? '' : `\n    brokerIds: [${brokerIds.join(', ')}]`;
  const { configuration, mistakes } = judge(smallFile({ brokerCount: `    brokerCount: ${brokerCount}${ids}` }));
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return buildStack(configuration, 'orders').resources;
};

const dimensionsIn = (value: Json | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => dimensionsIn(item));
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.fromEntries(Object.entries(value));
  if (entries.Name === 'Broker ID') return [String(entries.Value)];
  return Object.values(entries).flatMap((item) => dimensionsIn(item));
};

/** The ids that the alarms of each rule read, by rule. */
const idsByRule = (resources: ReturnType<typeof stackOf>): ReadonlyMap<string, readonly number[]> => {
  const byRule = new Map<string, Set<number>>();
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::CloudWatch::Alarm') continue;
    const ids = dimensionsIn([Properties.Dimensions ?? [], Properties.Metrics ?? []]).map(Number);
    if (ids.length === 0) continue;
    const rule = String(Properties.AlarmName).split('/').slice(0, 5).join('/');
    byRule.set(rule, new Set([...(byRule.get(rule) ?? []), ...ids]));
  }
  return new Map([...byRule].map(([rule, ids]) => [rule, [...ids].toSorted((left, right) => left - right)]));
};

test('after a removal every rule watches the brokers that are left, by their ids', () => {
  const rules = idsByRule(stackOf([1, 2, 4, 5, 7, 8], 6));
  expect(rules.size).toBeGreaterThan(3);
  for (const [rule, ids] of rules) expect(ids, rule).toEqual([1, 2, 4, 5, 7, 8]);
});

test('whatever the ids are, each is watched by every rule of brokers, and no other', () => {
  const ids = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2_147_483_647 })), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(ids, (brokerIds) => {
      const wanted = brokerIds.toSorted((left, right) => left - right);
      for (const [rule, seen] of idsByRule(stackOf(brokerIds, brokerIds.length))) expect(seen, rule).toEqual(wanted);
    }),
    cases(15, 1_000),
  );
});

test('without a list they run from 1', () => {
  for (const [rule, ids] of idsByRule(stackOf(undefined, 4))) expect(ids, rule).toEqual([1, 2, 3, 4]);
});

import { expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import type { StackParts } from '../../../../infra/functions.ts';
import { mostTemplateBytes } from '../../../../infra/packaging/room.ts';
import { compositesOf } from '../../../../infra/stack/alarms.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { mostResources } from '../../../../infra/stack/stack.ts';
import type { Configuration } from '../../../../shared/core/configuration.ts';
import { largeConfiguration, twentyEight } from './stack-under-test.ts';
import { tellerConfiguration, withTeller } from './teller-under-test.ts';
import { sizeOf, sizeOfStack } from './template-size.ts';

const long = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter.repeat(198)}${10 + index}`);

/** 60 brokers, and every kind of alarm on topics and groups of 200 letters: 56 pairs of them. */
const longNamed = (preset: string, parts: StackParts): Configuration => {
  const configuration = tellerConfiguration(largeConfiguration(60, parts, { preset }));
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  const topics = {
    ...orders.topics,
    critical: long('c', 8).map((name) => ({ name, replicationFactor: 3 })),
    flowing: long('f', 5).map((name) => ({ name, minMessagesPerMinute: 1 })),
    deadLetter: long('d', 3),
  };
  const groups = { watch: long('g', 7), ignore: [] };
  return {
    ...configuration,
    clusters: { orders: { ...orders, topics, groups, monitoringLevel: 'PER_TOPIC_PER_PARTITION' } },
  };
};

test.each(presetNames)('60 brokers and names of 200 letters fit, fallback and queue with them, by %s', (preset) => {
  const { resourceCount, templateBytes } = sizeOfStack(longNamed(preset, withTeller), withTeller);
  expect(resourceCount).toBeLessThan(mostResources);
  expect(templateBytes).toBeLessThan(mostTemplateBytes);
});

test('and there some severity needs groups', () => {
  const composites = presetNames.flatMap((preset) =>
    compositesOf(stackContextOf(longNamed(preset, withTeller), 'orders', withTeller), withTeller),
  );
  expect(composites.filter(({ name }) => name.includes('/any-alarm/')).length).toBeGreaterThan(1);
});

test.each(presetNames)('among 28 functions it takes little of the room that there is, by %s', (preset) => {
  const alone: StackParts = { ...twentyEight, functions: twentyEight.functions.filter((one) => !one.tellsPeople) };
  const [without, withIt] = [sizeOf(60, alone, preset), sizeOf(60, twentyEight, preset)];
  // Its function, role, two schedules, queues, rules and mapping, four alarms and two composites.
  expect(withIt.resourceCount).toBeLessThanOrEqual(without.resourceCount + 23);
  expect(withIt.templateBytes).toBeLessThanOrEqual(without.templateBytes + mostTemplateBytes / 40);
});

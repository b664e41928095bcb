import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { productParts, type StackParts } from '../../../../infra/functions.ts';
import { packageStack } from '../../../../infra/packaging/package-stack.ts';
import { mostTemplateBytes } from '../../../../infra/packaging/room.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { largeConfiguration, twentyEight } from '../../../unit/infra/stack/stack-under-test.ts';
import { sizeOf } from '../../../unit/infra/stack/template-size.ts';

/** The preset with the most alarms. */
const preset = 'performance-tuning';
const clusterKey = 'large';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-large-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const packageOf = (parts: StackParts, name: string) =>
  packageStack({
    configuration: largeConfiguration(60, parts, { preset, clusterKey }),
    clusterKey,
    output: join(folder, name),
    isVerbose: false,
    parts,
  });

test('60 brokers and 28 functions with alarms of their own, packaged, leave room for what is to come', async () => {
  const { resourceCount, templateBytes, zips } = await packageOf(twentyEight, 'fits');
  expect(zips).toHaveLength(28);
  expect(resourceCount).toBeLessThan(420);
  expect(templateBytes).toBeLessThan(750_000);
  const told = sizeOf(60, twentyEight, preset);
  expect(resourceCount).toBe(told.resourceCount);
  // What unit tests say of every preset without packaging holds for what is packaged, and is not far from it.
  expect(templateBytes).toBeLessThanOrEqual(told.templateBytes);
  expect(templateBytes).toBeGreaterThan(0.9 * told.templateBytes);
});

/** One function, and alarms that say as much as CloudWatch takes: few enough for the limit of resources, too long together. */
const verbose: StackParts = {
  functions: productParts.functions.filter(({ slug }) => slug === 'kafka-read'),
  alarms: ['one', 'two', 'three', 'four', 'five'].map((owner) => (context) => ({
    alarms: productParts.alarms
      .flatMap((plan) => plan(context).alarms)
      .map((alarm) => ({ ...alarm, owner, sentence: 'x'.repeat(800) })),
    notMade: [],
  })),
};

test('a template that CloudFormation would not take is refused with its size, and no package is left', async () => {
  const refused = await packageOf(verbose, 'too-large').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConfigError);
  expect(refused).toMatchObject({
    message: expect.stringMatching(/^the template of "large" has 1\d{3} KB, CloudFormation takes 1000\. Name fewer/),
  });
  expect(existsSync(join(folder, 'too-large'))).toBe(false);
  expect(mostTemplateBytes).toBe(1_000_000);
});

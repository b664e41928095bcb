import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alarmsOf } from '../../../infra/alarms.ts';
import { costTable, estimateCost } from '../../../infra/cost.ts';
import { configurationWith, contextWith, resourcesWith } from './stack-under-test.ts';

const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

test('the deployer’s permissions cover every type of resource in the stack', () => {
  const types = new Set(resourcesWith({}).map(([, { Type }]) => Type));
  const ofOsls = ['AWS::Lambda::Function', 'AWS::Logs::LogGroup'];
  const channelTypes = ['AWS::SNS::Subscription'];
  const missing = [...types, ...ofOsls, ...channelTypes].filter((type) => !guide.includes(`\`${type}\``));
  expect(missing).toEqual([]);
});

test('the table of costs is the one that the code counts', () => {
  const shown = /<!-- cost -->\n([\s\S]*?)\n<!-- \/cost -->/.exec(guide)?.[1];
  expect(shown).toBe(costTable(estimateCost(configurationWith(), 'orders')));
});

test('an alarm is billed for each metric that it reads', () => {
  const lines = estimateCost(configurationWith(), 'orders');
  const alarms = lines.find(({ what }) => what === 'CloudWatch alarms');
  const cpu = alarmsOf(contextWith()).filter(({ slug }) => slug === 'cpu-used').length;
  const withoutCpu = configurationWith();
  const { cpuUsedPercent: _, ...limits } = withoutCpu.policy.limits;
  const fewer = estimateCost({ ...withoutCpu, policy: { ...withoutCpu.policy, limits } }, 'orders');
  expect((alarms?.count ?? 0) - (fewer.find(({ what }) => what === 'CloudWatch alarms')?.count ?? 0)).toBe(2 * cpu);
});

test('more brokers cost more', () => {
  const total = (brokerCount: number) =>
    estimateCost(configurationWith({ brokerCount }), 'orders').reduce((sum, { usd }) => sum + usd, 0);
  expect(total(6)).toBeGreaterThan(total(3));
});

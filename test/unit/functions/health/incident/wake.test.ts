import { expect, test } from 'vitest';
import type { AlarmSaid, AlarmsSaid } from '../../../../../functions/health/incident/core/said.ts';
import type { Ports } from '../../../../../functions/health/incident/ports.ts';
import { wakeIncident } from '../../../../../functions/health/incident/wake.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { at } from '../../../../support/incident/builders.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { openIncidentWorld } from '../../../../support/incident/world.ts';

const firing: AlarmSaid = {
  name: 'mskeeper/orders/storage-scaling/storage-full/critical',
  owner: 'storage-scaling',
  rule: 'storage-full',
  severity: 'critical',
  sentence: 'the disk is nearly full.',
  state: 'ALARM',
  changedAtMs: at(0),
};

const own = () => ({ accountId: '111122223333', region: 'eu-west-1', prefix: 'mskeeper/orders/', alarms: [] });

/** Minutes of one night, in which CloudWatch has that alarm up to the fifth, and answers as it is told from then on. */
async function open(fetchAlarms: () => Promise<AlarmsSaid>): Promise<readonly string[]> {
  const world = openIncidentWorld(() => usualRules, at(0));
  const happened: string[] = [];
  for (let minute = 0; minute <= 60; minute += 1) {
    world.nowMs = at(minute);
    const ports: Ports = {
      ...world.ports(),
      fetchAlarms: minute < 5 ? async () => ({ alarms: [firing], isWhole: true }) : fetchAlarms,
    };
    const { happenings } = await wakeIncident({ kind: 'minute' }, own, () => usualRules, ports);
    happened.push(...happenings.flatMap(({ kind }) => (kind === 'rung' ? [] : [`${minute} ${kind}`])));
  }
  return happened;
}

test.each<[string, () => Promise<AlarmsSaid>, readonly string[]]>([
  ['has it no more: it ends', async () => ({ alarms: [], isWhole: true }), ['1 opened', '15 closed']],
  ['may have left it out: it goes on', async () => ({ alarms: [], isWhole: false }), ['1 opened']],
  [
    'does not answer: it goes on',
    async () => {
      throw new DependencyError('cloudwatch:DescribeAlarms', 'throttled', 'as the test has it');
    },
    ['1 opened'],
  ],
  ['has it still: it goes on', async () => ({ alarms: [firing], isWhole: true }), ['1 opened']],
])('an alarm that fired is looked for at each sweep, and CloudWatch %s', async (_name, fetchAlarms, happened) => {
  expect(await open(fetchAlarms)).toEqual(happened);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOwnAlarms, readOwnAlarms } from '../../../../shared/configuration/own-alarms.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { ownAlarmsFileName } from '../../../../shared/core/own-alarms.ts';
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

const own = ownAlarmsOf({ 'cluster-health': ['disk-used'], self: ['errors'] });
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mskeeper-own-alarms-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const write = (text: string) => writeFileSync(join(directory, ownAlarmsFileName), text);

test('the list lies in the bundle, or beside the configuration where there is no bundle', () => {
  write(JSON.stringify(own));
  const configuration = join(directory, 'mskeeper.json');
  expect(readOwnAlarms({ LAMBDA_TASK_ROOT: directory, MSKEEPER_CONFIGURATION_FILE: '/elsewhere/x.json' })).toEqual(own);
  expect(readOwnAlarms({ MSKEEPER_CONFIGURATION_FILE: configuration })).toEqual(own);
  const of = { name: 'a', rule: 'lag-messages', wakes: [], subject: { group: 'end of day', topic: 'orders' } };
  const told = { ...own, alarms: [...own.alarms, of], teller: 'incident' };
  write(JSON.stringify(told));
  expect(readOwnAlarms({ MSKEEPER_CONFIGURATION_FILE: configuration })).toEqual(told);
  expect(() => readOwnAlarms({})).toThrow(/LAMBDA_TASK_ROOT and MSKEEPER_CONFIGURATION_FILE are not set/);
});

test('it is read at the first question and kept; what could not be read is tried again', () => {
  write('{oops');
  const ask = openOwnAlarms({ LAMBDA_TASK_ROOT: directory });
  expect(ask).toThrow(/own-alarms\.json: is not JSON/);
  write(JSON.stringify(own));
  expect(ask()).toEqual(own);
  write('{oops');
  expect(ask()).toEqual(own);
});

test.each([
  ['no list', { ...own, alarms: undefined }, /alarms/],
  ['an alarm without its rule', { ...own, alarms: [{ name: 'a', wakes: [] }] }, /rule/],
  ['a prefix that another stack may have', { ...own, prefix: 'mskeeper-orders-' }, /prefix/],
  ['an alarm of nothing', { ...own, alarms: [{ name: 'a', rule: 'b', wakes: [], subject: { group: '' } }] }, /group/],
  ['something nobody knows', { ...own, more: 1 }, /more/],
])('%s is refused by name of the file and the place', (_what, value, expected) => {
  write(JSON.stringify(value));
  const read = () => readOwnAlarms({ LAMBDA_TASK_ROOT: directory });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(ownAlarmsFileName);
  expect(read).toThrow(expected);
});

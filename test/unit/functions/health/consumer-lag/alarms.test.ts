import { expect, test } from 'vitest';
import {
  alarmsNamed,
  named,
  tabledAlarmsNotMade,
  tabledAlarmsOf,
  tabledContextWith,
} from '../../../infra/stack/alarms-under-test.ts';

test('a lag in seconds is one of MSK’s seconds: five minutes are 300', () => {
  const alarms = alarmsNamed(named, 'lag-seconds').filter(({ severity }) => severity === 'critical');
  expect(alarms).toMatchObject([
    { threshold: 300, signal: { metric: { name: 'EstimatedMaxTimeLag', statistic: 'Maximum' } } },
  ]);
  expect(alarmsNamed({ ...named, brokerKind: 'serverless', brokerCount: 0 }, 'lag-seconds')[0]).toMatchObject({
    signal: { metric: { name: 'MaxEstimatedTimeLag' } },
  });
});

test('a group that is ignored has no lag alarm, although it is named', () => {
  const groups = { watch: ['billing', 'audit'], ignore: ['aud*'] };
  const subjects = alarmsNamed({ ...named, groups }, 'lag-seconds').map(({ subject }) => subject);
  expect([...new Set(subjects)].filter((subject) => subject?.startsWith('audit'))).toEqual([]);
  expect(subjects.some((subject) => subject?.startsWith('billing'))).toBe(true);
});

test('a lag whose group is named by a pattern has no alarm, and that is told', () => {
  expect(alarmsNamed({ ...named, groups: { watch: ['billing-*'], ignore: [] } }, 'lag-seconds')).toEqual([]);
  expect(tabledAlarmsNotMade(tabledContextWith()).map(({ what }) => what)).toContain('lag');
});

test('a group that MSK is silent about has no alarm, and that is told', () => {
  const context = tabledContextWith({ ...named, groups: { watch: ['billing:v2'], ignore: [] } });
  expect(tabledAlarmsOf(context).filter(({ slug }) => slug.startsWith('lag'))).toEqual([]);
  expect(tabledAlarmsNotMade(context).map(({ what }) => what)).toContain('lag of group billing:v2');
});

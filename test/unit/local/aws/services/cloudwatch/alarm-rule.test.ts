import { describe, expect, test } from 'vitest';
import type { AlarmValue } from '../../../../../../local/aws/services/cloudwatch/alarm.ts';
import {
  AlarmRuleError,
  alarmsOfRule,
  isRuleTrue,
  parseAlarmRule,
} from '../../../../../../local/aws/services/cloudwatch/alarm-rule.ts';

const states: Readonly<Record<string, AlarmValue>> = {
  a: 'ALARM',
  o: 'OK',
  i: 'INSUFFICIENT_DATA',
  'two words': 'ALARM',
};
const holds = (rule: string) => isRuleTrue(parseAlarmRule(rule), (name) => states[name] ?? 'INSUFFICIENT_DATA');

describe('a composite rule', () => {
  test.each([
    ['ALARM(a)', true],
    ['ALARM(o)', false],
    ['OK(o) AND INSUFFICIENT_DATA(i)', true],
    ['ALARM(o) OR ALARM(a) AND ALARM(o)', false],
    ['(ALARM(o) OR ALARM(a)) AND OK(o)', true],
    ['NOT ALARM(o) AND ALARM(a)', true],
    ['NOT (ALARM(o) OR ALARM(a))', false],
    ['ALARM("two words")', true],
    ['ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a)', true],
    ['TRUE AND NOT FALSE', true],
  ])('%s is %s', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });

  test('names its alarms once each', () => {
    expect(alarmsOfRule(parseAlarmRule('ALARM(a) AND (OK(o) OR NOT ALARM(a))'))).toEqual(['a', 'o']);
  });

  test.each(['ALARM(a) AND', 'ALARM()', 'ALARM(a) ALARM(o)', '(ALARM(a)', 'BROKEN(a)', ''])('refuses %j', (rule) => {
    expect(() => parseAlarmRule(rule)).toThrow(AlarmRuleError);
  });
});

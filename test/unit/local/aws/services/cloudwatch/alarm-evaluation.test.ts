import { describe, expect, test } from 'vitest';
import type { MissingDataTreatment } from '../../../../../../local/aws/services/cloudwatch/alarm.ts';
import {
  evaluateDatapoints,
  evaluationRangePeriods,
} from '../../../../../../local/aws/services/cloudwatch/alarm-evaluation.ts';

/** The User Guide's notation: `X` breaches, `0` does not, `-` is missing, newest on the right. */
const read = (drawn: string) => drawn.split(' ').map((each) => (each === '-' ? undefined : each === 'X' ? 9 : 1));

const judge = (drawn: string, missingData: MissingDataTreatment, datapointsToAlarm: number, evaluationPeriods = 3) =>
  evaluateDatapoints(read(drawn), {
    evaluationPeriods,
    datapointsToAlarm,
    threshold: 5,
    comparison: 'GreaterThanThreshold',
    missingData,
  });

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

describe('the tables of "Configuring how CloudWatch alarms treat missing data"', () => {
  test.each([
    ['0 - X - X', 0, ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', 2, ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', 3, ['INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK']],
    ['0 X X - X', 0, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', 2, ['ALARM', 'retain', 'ALARM', 'OK']],
  ])('3 out of 3: %s fills %i and says %j', (drawn, filled, expected) => {
    expect(treatments.map((treatment) => judge(drawn, treatment, 3).value)).toEqual(expected);
    expect(judge(drawn, 'missing', 3).filledCount).toBe(filled);
  });

  test.each([
    ['0 - X - X', 0, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', 0, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', 1, ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', 2, ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', 2, ['ALARM', 'retain', 'ALARM', 'OK']],
  ])('2 out of 3: %s fills %i and says %j', (drawn, filled, expected) => {
    expect(treatments.map((treatment) => judge(drawn, treatment, 2).value)).toEqual(expected);
    expect(judge(drawn, 'missing', 2).filledCount).toBe(filled);
  });

  test('a 3-period alarm looks at 5 periods', () => {
    expect(evaluationRangePeriods(3)).toBe(5);
  });
});

describe('an alarm is not premature', () => {
  test.each(['- - - - X', '- - - X -'])('%s is no alarm yet when 3 of 3 are wanted', (drawn) => {
    expect(judge(drawn, 'missing', 3).value).toBe('OK');
    expect(judge(drawn, 'ignore', 3).value).toBe('retain');
  });

  test('a datapoint within the threshold, however new, keeps it from alarming', () => {
    expect(judge('- - X - 0', 'missing', 3).value).toBe('OK');
    expect(judge('- - X - 0', 'ignore', 3).value).toBe('OK');
  });
});

describe('M out of N', () => {
  test.each([
    ['0 0 0 0 X', 1, 1, 'ALARM'],
    ['0 0 0 X 0', 1, 1, 'OK'],
    ['X 0 X 0 0', 2, 5, 'ALARM'],
    ['X 0 0 0 0', 2, 5, 'OK'],
    ['X X X X 0', 3, 3, 'OK'],
    ['0 0 X X X', 3, 3, 'ALARM'],
  ])('%s with %i of %i says %s', (drawn, datapointsToAlarm, evaluationPeriods, expected) => {
    expect(judge(drawn, 'missing', datapointsToAlarm, evaluationPeriods).value).toBe(expected);
  });

  test('older real datapoints stand in for missing newer ones, whatever the treatment', () => {
    for (const treatment of treatments) expect(judge('X X X - -', treatment, 3).value).toBe('ALARM');
  });
});

test.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
] as const)('%s compares 4, 5 and 6 with 5', (comparison, expected) => {
  const verdicts = [4, 5, 6].map(
    (value) =>
      evaluateDatapoints([value], {
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        threshold: 5,
        comparison,
        missingData: 'missing',
      }).value === 'ALARM',
  );
  expect(verdicts).toEqual(expected);
});

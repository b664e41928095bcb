import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../../../../local/aws/services/eventbridge/pattern.ts';

const event = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  account: '111122223333',
  resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mskeeper-orders-cpu'],
  detail: {
    alarmName: 'mskeeper-orders-cpu',
    state: { value: 'ALARM', reason: null },
    count: 7,
    ratio: 0.5,
    isActive: true,
    address: '10.0.3.4',
    path: 'a*b',
    brokers: [
      { id: 1, zone: 'a' },
      { id: 2, zone: 'b' },
    ],
    empty: [],
  },
};
const matches = (pattern: unknown) => compilePattern(pattern).matches(event);
const detail = (pattern: unknown) => matches({ detail: pattern });

describe('event patterns', () => {
  test.each([
    ['a field equal to one of the values', { source: ['aws.s3', 'aws.cloudwatch'] }, true],
    ['a field equal to none of them', { source: ['aws.s3'] }, false],
    ['all fields, of which one differs', { source: ['aws.cloudwatch'], account: ['1'] }, false],
    ['one element of an array', { resources: [{ prefix: 'arn:aws:cloudwatch' }] }, true],
    ['a field that is absent', { nothing: ['x'] }, false],
    ['null', { detail: { state: { reason: [null] } } }, true],
    ['a number, not its text', { detail: { count: ['7'] } }, false],
    ['a number written otherwise', { detail: { ratio: [5e-1] } }, true],
    ['true', { detail: { isActive: [true] } }, true],
    ['both fields in one element of an array', { detail: { brokers: { id: [1], zone: ['a'] } } }, true],
    ['fields that only different elements have', { detail: { brokers: { id: [1], zone: ['b'] } } }, false],
    ['an object where a value is expected', { detail: { state: ['ALARM'] } }, false],
    ['a constructor’s name, which is no field', { detail: { constructor: [{ exists: true }] } }, false],
    ['an empty array, which is no leaf', { detail: { empty: [{ exists: false }] } }, true],
  ])('%s', (_, pattern, expected) => expect(matches(pattern)).toBe(expected));

  test.each([
    ['prefix', { alarmName: [{ prefix: 'mskeeper-orders-' }] }, true],
    ['prefix without regard to case', { alarmName: [{ prefix: { 'equals-ignore-case': 'MSKEEPER' } }] }, true],
    ['prefix with regard to case', { alarmName: [{ prefix: 'MSKEEPER' }] }, false],
    ['suffix', { alarmName: [{ suffix: '-cpu' }] }, true],
    ['suffix that differs', { alarmName: [{ suffix: '-disk' }] }, false],
    ['equals-ignore-case', { state: { value: [{ 'equals-ignore-case': 'alarm' }] } }, true],
    ['wildcard in the middle', { alarmName: [{ wildcard: 'mskeeper-*-cpu' }] }, true],
    ['wildcard that needs more', { alarmName: [{ wildcard: 'mskeeper-*-cpu?' }] }, false],
    ['wildcard with an escaped star', { path: [{ wildcard: 'a\\*b' }] }, true],
    ['escaped star that is no wildcard', { alarmName: [{ wildcard: 'mskeeper\\*' }] }, false],
    ['anything-but a value', { state: { value: [{ 'anything-but': 'OK' }] } }, true],
    ['anything-but a list', { state: { value: [{ 'anything-but': ['OK', 'ALARM'] }] } }, false],
    ['anything-but a number', { count: [{ 'anything-but': [1, 2] }] }, true],
    ['anything-but a prefix', { alarmName: [{ 'anything-but': { prefix: 'mskeeper' } }] }, false],
    ['anything-but several suffixes', { alarmName: [{ 'anything-but': { suffix: ['-disk', '-lag'] } }] }, true],
    ['anything-but a wildcard', { alarmName: [{ 'anything-but': { wildcard: '*-cpu' } }] }, false],
    [
      'anything-but without regard to case',
      { state: { value: [{ 'anything-but': { 'equals-ignore-case': ['alarm'] } }] } },
      false,
    ],
    ['anything-but of an absent field', { nothing: [{ 'anything-but': 'x' }] }, false],
    ['numeric range', { count: [{ numeric: ['>', 5, '<=', 7] }] }, true],
    ['numeric range that ends before', { count: [{ numeric: ['>=', 0, '<', 7] }] }, false],
    ['numeric equality', { ratio: [{ numeric: ['=', 0.5] }] }, true],
    ['numeric of a text', { alarmName: [{ numeric: ['>', 0] }] }, false],
    ['exists true', { alarmName: [{ exists: true }] }, true],
    ['exists false', { nothing: [{ exists: false }] }, true],
    ['exists false below an absent object', { no: { thing: [{ exists: false }] } }, true],
    ['exists of an object, which is no leaf', { state: [{ exists: true }] }, false],
    ['cidr', { address: [{ cidr: '10.0.0.0/16' }] }, true],
    ['cidr of another network', { address: [{ cidr: '10.1.0.0/16' }] }, false],
    ['alternatives of operators and values', { alarmName: [{ prefix: 'x' }, 'mskeeper-orders-cpu'] }, true],
    ['$or with one that holds', { $or: [{ count: [8] }, { state: { value: ['ALARM'] } }] }, true],
    ['$or with none that holds', { $or: [{ count: [8] }, { state: { value: ['OK'] } }] }, false],
    ['$or beside a field that differs', { isActive: [false], $or: [{ count: [7] }, { count: [8] }] }, false],
  ])('%s', (_, pattern, expected) => expect(detail(pattern)).toBe(expected));

  test.each([
    ['a value outside a list', { source: 'aws.s3' }],
    ['an empty object', {}],
    ['an empty list', { source: [] }],
    ['an operator that does not exist', { source: [{ startsWith: 'a' }] }],
    ['two operators in one alternative', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['$or with one alternative', { $or: [{ source: ['a'] }] }],
    ['numeric without a number', { n: [{ numeric: ['>', '1'] }] }],
    ['two stars in a row', { source: [{ wildcard: 'a**' }] }],
    ['exists with a text', { source: [{ exists: 'yes' }] }],
  ])('refuses %s', (_, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
  });
});

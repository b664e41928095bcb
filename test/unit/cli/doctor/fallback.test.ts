import { expect, test } from 'vitest';
import { evaluateFallback } from '../../../../cli/doctor/fallback.ts';
import { compositesOf } from '../../../../infra/stack/alarms.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { known, unanswered } from '../../../../shared/core/known.ts';
import { tellerContextWith, withTeller } from '../../infra/stack/teller-under-test.ts';

const expected = compositesOf(tellerContextWith(), withTeller);
const listed = expected.map(({ name }) => ({ name, areActionsEnabled: true, actionCount: 1 }));
const [first = { name: '', areActionsEnabled: true, actionCount: 1 }, ...others] = listed;

const shown = (fetched: Parameters<typeof evaluateFallback>[1]) =>
  evaluateFallback(expected, fetched).map(({ status, message }) => `${status}: ${message}`);

test('composites that are there and may act are well', () => {
  expect(expected.length).toBeGreaterThan(1);
  expect(shown(known([...listed, { name: 'somebody’s', areActionsEnabled: false, actionCount: 0 }]))).toEqual([
    `ok: CloudWatch itself tells people, by ${expected.length} composites`,
  ]);
});

test('one that is missing, or may not act, is a failure by its name', () => {
  expect(shown(known(others))).toEqual([`failed: missing: ${first.name}`]);
  expect(shown(known([{ ...first, areActionsEnabled: false }, ...others]))).toEqual([
    `failed: tells nobody, since its actions are disabled: ${first.name}`,
  ]);
});

test('one whose actions somebody took out is a failure by its name', () => {
  expect(shown(known([{ ...first, actionCount: 0 }, ...others]))).toEqual([
    `failed: tells nobody, since it has no actions any more: ${first.name}`,
  ]);
});

test('a part of a larger one has no actions that anybody could miss', () => {
  const [top] = expected;
  if (top === undefined) throw new Error('no composite');
  const parted = [{ ...top, name: 'part', actions: [] }, top];
  const fetched = known([
    { name: 'part', areActionsEnabled: false, actionCount: 0 },
    { name: top.name, areActionsEnabled: true, actionCount: 1 },
  ]);
  expect(evaluateFallback(parted, fetched).map(({ status }) => status)).toEqual(['ok']);
});

test('a list that did not come is unknown, and while alarms tell people themselves nothing is asked', () => {
  const fetched = unanswered(new DependencyError('cloudwatch:DescribeAlarms', 'denied', 'denied'));
  expect(evaluateFallback(expected, fetched).map(({ status }) => status)).toEqual(['unknown']);
  expect(evaluateFallback([], known([]))).toEqual([]);
});

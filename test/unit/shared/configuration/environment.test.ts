import { expect, test } from 'vitest';
import { readEnvironment } from '../../../../shared/configuration/environment.ts';

const names = ['MSKEEPER_BUCKET', 'MSKEEPER_BUS_NAME'] as const;

test('the variables that are asked for are given, and no others', () => {
  const environment = { MSKEEPER_BUCKET: 'reports', MSKEEPER_BUS_NAME: 'orders', PATH: '/bin' };
  expect(readEnvironment(names, environment)).toEqual({ MSKEEPER_BUCKET: 'reports', MSKEEPER_BUS_NAME: 'orders' });
});

test('every variable that is missing or empty is named at once', () => {
  const read = () => readEnvironment(names, { MSKEEPER_BUCKET: '' });
  expect(read).toThrow(/MSKEEPER_BUCKET/);
  expect(read).toThrow(/MSKEEPER_BUS_NAME/);
  expect(read).toThrow(expect.objectContaining({ name: 'ConfigError' }));
});

import { expect, test } from 'vitest';
import { inTime } from '../../../../../functions/health/incident/in-time.ts';

const never = new Promise<never>(() => {});

test('what comes in time is there, and nothing else', async () => {
  expect(await inTime(Promise.resolve(undefined), 1_000)).toEqual({ value: undefined });
  expect(await inTime(never, 1)).toBeUndefined();
  expect(await inTime(never, -1)).toBeUndefined();
});

test('what fails in time fails, and what fails later is nobody’s', async () => {
  await expect(inTime(Promise.reject(new Error('no')), 1_000)).rejects.toThrow('no');
  const { promise, reject } = Promise.withResolvers<never>();
  expect(await inTime(promise, 1)).toBeUndefined();
  reject(new Error('too late'));
});

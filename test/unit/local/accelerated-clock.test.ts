import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refuse = (failure: unknown) => {
  throw failure;
};

test('five minutes pass in fifteen seconds at rate 20', async () => {
  const clock = acceleratedClock(1_000_000, 20, refuse);
  const firedAtMs: number[] = [];
  clock.schedule(1_000_000 + 300_000, () => void firedAtMs.push(clock.nowMs()));
  await vi.advanceTimersByTimeAsync(14_900);
  expect(firedAtMs).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(firedAtMs[0]).toBeGreaterThanOrEqual(1_300_000);
});

test('a time that has passed fires at once, and a cancelled one never', async () => {
  const clock = acceleratedClock(0, 10, refuse);
  const late = vi.fn();
  const cancelled = vi.fn();
  clock.schedule(-5, late);
  clock.schedule(100, cancelled).cancel();
  expect(late).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([late.mock.calls.length, cancelled.mock.calls.length]).toEqual([1, 0]);
});

test('a wait longer than Node can time is not cut to nothing', async () => {
  const clock = acceleratedClock(0, 1, refuse);
  const run = vi.fn();
  clock.schedule(60 * 86_400_000, run);
  await vi.advanceTimersByTimeAsync(59 * 86_400_000);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2 * 86_400_000);
  expect(run).toHaveBeenCalledOnce();
});

test('a failing timer is handed over, and the next one still fires', async () => {
  const failures: unknown[] = [];
  const clock = acceleratedClock(0, 1, (failure) => void failures.push(failure));
  const next = vi.fn();
  clock.schedule(10, () => Promise.reject(new Error('late')));
  clock.schedule(20, next);
  await vi.advanceTimersByTimeAsync(50);
  expect(failures).toEqual([new Error('late')]);
  expect(next).toHaveBeenCalledOnce();
});

test('a clock that stands still or goes back is refused', () => {
  expect(() => acceleratedClock(0, 0, refuse)).toThrow('rate 0');
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

describe('while somebody works', () => {
  test('it goes as the machine’s, and is fast again when the last one is done', async () => {
    const clock = acceleratedClock(0, 20, refuse);
    const first = clock.atWork();
    const second = clock.atWork();
    await vi.advanceTimersByTimeAsync(1_000);
    first();
    first();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(clock.nowMs()).toBeCloseTo(2_000, 0);
    second();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(clock.nowMs()).toBeCloseTo(22_000, 0);
  });

  test('what waits for a time comes at that time, whether it began to wait before or meanwhile', async () => {
    const clock = acceleratedClock(0, 20, refuse);
    const fired: string[] = [];
    clock.schedule(20_000, () => void fired.push('before'));
    const rest = clock.atWork();
    clock.schedule(21_000, () => void fired.push('meanwhile'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fired).toEqual([]);
    rest();
    await vi.advanceTimersByTimeAsync(901);
    expect(fired).toEqual(['before']);
    await vi.advanceTimersByTimeAsync(60);
    expect(fired).toEqual(['before', 'meanwhile']);
  });

  test('a moment of it is as long ago on the machine’s as it went since', async () => {
    const clock = acceleratedClock(0, 20, refuse);
    await vi.advanceTimersByTimeAsync(1_000);
    const rest = clock.atWork();
    await vi.advanceTimersByTimeAsync(3_000);
    rest();
    await vi.advanceTimersByTimeAsync(500);
    expect(clock.nowMs()).toBeCloseTo(33_000, 0);
    expect([0, 10_000, 20_000, 21_500, 33_000, 99_000].map((ms) => Math.round(clock.realMsSince(ms)))).toEqual([
      4_500, 4_000, 3_500, 2_000, 0, 0,
    ]);
  });

  test('a clock that is slower than the machine’s goes no faster', async () => {
    const clock = acceleratedClock(0, 0.5, refuse);
    clock.atWork();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(clock.nowMs()).toBeCloseTo(500, 0);
  });
});

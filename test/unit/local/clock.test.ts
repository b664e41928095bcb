import { describe, expect, test } from 'vitest';
import { manualClock, realClock } from '../../../local/clock.ts';

describe('manual clock', () => {
  test('runs due timers in order of their time and awaits each', async () => {
    const clock = manualClock(0);
    const seen: string[] = [];
    clock.schedule(20, () => void seen.push(`second at ${clock.nowMs()}`));
    clock.schedule(10, async () => {
      await Promise.resolve();
      seen.push(`first at ${clock.nowMs()}`);
    });
    clock.schedule(31, () => void seen.push('too early'));
    await clock.advanceTo(30);
    expect(seen).toEqual(['first at 10', 'second at 20']);
    expect(clock.nowMs()).toBe(30);
  });

  test('runs a timer that another timer added within the same advance', async () => {
    const clock = manualClock(0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.nowMs());
      clock.schedule(clock.nowMs() + 10, tick);
    };
    clock.schedule(10, tick);
    await clock.advanceTo(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  test('keeps the order of scheduling for equal times', async () => {
    const clock = manualClock(0);
    const seen: number[] = [];
    for (const name of [1, 2, 3]) clock.schedule(5, () => void seen.push(name));
    await clock.advanceTo(5);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('does not run what was cancelled', async () => {
    const clock = manualClock(0);
    const ran: string[] = [];
    clock.schedule(5, () => void ran.push('cancelled')).cancel();
    clock.schedule(6, () => void ran.push('kept'));
    await clock.advanceTo(10);
    expect(ran).toEqual(['kept']);
  });

  test('refuses to go back, and passes on the error of a timer', async () => {
    const clock = manualClock(100);
    await expect(clock.advanceTo(99)).rejects.toThrow(RangeError);
    clock.schedule(110, () => Promise.reject(new Error('the timer broke')));
    await expect(clock.advanceTo(120)).rejects.toThrow('the timer broke');
    expect(clock.nowMs()).toBe(110);
  });
});

describe('real clock', () => {
  test('never runs a timer before its time', async () => {
    const clock = realClock();
    const atMs = clock.nowMs() + 20;
    const ranMs = await new Promise<number>((resolve) => {
      clock.schedule(atMs, () => resolve(clock.nowMs()));
      setTimeout(() => undefined, 1000).unref();
    });
    expect(ranMs).toBeGreaterThanOrEqual(atMs);
  });

  test('does not fire at once for a time beyond the longest timeout', async () => {
    const clock = realClock();
    const ran: string[] = [];
    const far = clock.schedule(clock.nowMs() + 2 ** 32, () => void ran.push('far'));
    await new Promise<void>((resolve) => {
      const near = setTimeout(resolve, 1000);
      clock.schedule(clock.nowMs() + 20, () => {
        ran.push('near');
        clearTimeout(near);
        resolve();
      });
    });
    far.cancel();
    expect(ran).toEqual(['near']);
  });
});

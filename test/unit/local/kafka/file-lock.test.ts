import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../../../local/kafka/file-lock.ts';

describe('a lock between processes', () => {
  let directory = '';
  let path = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mskeeper-lock-'));
    path = join(directory, 'sub', 'x.lock');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('lets one in after the other', async () => {
    const order: string[] = [];
    const enter = (name: string) =>
      withFileLock(path, async () => {
        order.push(`${name} in`);
        await new Promise(setImmediate);
        order.push(`${name} out`);
      });
    await Promise.all([enter('a'), enter('b')]);
    expect(order.map((step) => step.split(' ')[1])).toEqual(['in', 'out', 'in', 'out']);
  });

  it('is free again after work that failed', async () => {
    await expect(withFileLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withFileLock(path, async () => 'next')).toBe('next');
  });

  it('is taken over from an owner that is dead', async () => {
    await withFileLock(path, async () => undefined);
    // No process has this id: it is above what Linux and macOS give.
    await writeFile(path, '99999999');
    expect(await withFileLock(path, async () => 'mine')).toBe('mine');
  });

  it('waits for a living owner no longer than its signal allows', async () => {
    await withFileLock(path, async () => {
      const waiting = withFileLock(path, async () => 'never', { signal: AbortSignal.timeout(50) });
      await expect(waiting).rejects.toThrow();
    });
  });
});

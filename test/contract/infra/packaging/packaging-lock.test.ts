import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withPackagingLock } from '../../../../infra/packaging/packaging-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mskeeper-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => join(folder, 'lock');

test('of many that want to package one does at a time, and nothing is left', async () => {
  let inside = 0;
  let most = 0;
  const once = () =>
    withPackagingLock(lock(), async () => {
      inside += 1;
      most = Math.max(most, inside);
      await wait(5);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 8 }, once));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

/** An id that nobody has any more. */
const deadPid = (): string => spawnSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).stdout.trim();

test.each([
  ['of a process that was killed', deadPid],
  ['that is empty', () => ''],
])('a lock %s is taken', async (_whose, holder) => {
  writeFileSync(lock(), holder());
  expect(await withPackagingLock(lock(), async () => 'packaged')).toBe('packaged');
  expect(readdirSync(folder)).toEqual([]);
});

test('a packaging that fails lets the next one in', async () => {
  const failing = withPackagingLock(lock(), () => Promise.reject(new Error('no esbuild')));
  await expect(failing).rejects.toThrow('no esbuild');
  expect(await withPackagingLock(lock(), async () => 'packaged')).toBe('packaged');
});

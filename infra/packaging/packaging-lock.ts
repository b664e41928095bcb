import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

/** One packaging takes seconds, on a busy machine minutes, and several may wait: only what hangs takes longer. */
const patienceMs = 30 * 60_000;

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** 0 would be this process's own group: no holder has it. */
const isAlive = (pid: number): boolean => {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return isCode(error, 'EPERM');
  }
};

/** A file of this process's own, beside the lock. */
const besideOf = (path: string): string => `${path}.${process.pid}`;

/** The lock comes into being with its holder's id in it: whoever is killed leaves a whole one, or none. */
const take = (path: string): boolean => {
  const beside = besideOf(path);
  writeFileSync(beside, String(process.pid));
  try {
    linkSync(beside, path);
    return true;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return false;
  } finally {
    rmSync(beside, { force: true });
  }
};

const holderOf = (path: string): number => Number(readFileSync(path, 'utf8'));

/** Of two that find a dead holder one moves its lock away; what the other moves may be the first one's new lock, and is put back. */
const removeIfHolderIsGone = (path: string): void => {
  try {
    if (isAlive(holderOf(path))) return;
    const moved = `${besideOf(path)}.gone`;
    renameSync(path, moved);
    if (isAlive(holderOf(moved))) linkSync(moved, path);
    rmSync(moved, { force: true });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
};

/**
 * osls writes into one folder of the project, whatever it is told: two packagings at once would mix their zips. Waits
 * for a live one; a dead one's lock is taken.
 */
export const withPackagingLock = async <Result>(path: string, run: () => Promise<Result>): Promise<Result> => {
  mkdirSync(dirname(path), { recursive: true });
  const deadlineMs = Date.now() + patienceMs;
  while (!take(path)) {
    removeIfHolderIsGone(path);
    if (Date.now() > deadlineMs)
      throw new Error(`another packaging holds ${path} for more than ${patienceMs / 60_000} minutes`);
    await wait(100);
  }
  try {
    return await run();
  } finally {
    rmSync(path, { force: true });
  }
};

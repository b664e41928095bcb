import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

/** One packaging takes seconds, on a busy machine minutes, and several may wait: only what hangs takes longer. */
const patienceMs = 30 * 60_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const take = (path: string): boolean => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return false;
  }
};

const removeIfHolderIsGone = (path: string): void => {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    // 0 is one that has made the file and not yet written to it.
    if (holder !== 0 && !isAlive(holder)) rmSync(path, { force: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
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

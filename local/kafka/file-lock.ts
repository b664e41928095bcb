import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasErrorCode } from './error-code.ts';

const pollMs = 200;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return !hasErrorCode(error, 'ESRCH');
  }
};

/** Links a file that already holds the owner into place: the lock is never seen without its owner. */
const tryLock = async (path: string): Promise<boolean> => {
  const mine = `${path}.${process.pid}.${crypto.randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
};

const removeIfStale = async (path: string): Promise<void> => {
  const owner = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (owner !== undefined && !isAlive(Number(owner))) await rm(path, { force: true });
};

/**
 * Runs `work` while holding the lock file at `path`; waits for it as long as `signal` allows. The file holds the owner's
 * process id, so that a crashed owner's lock is taken over. Two waiters that find the same dead owner at the same moment
 * may both come through: the lock saves double work, and `work` must itself be safe to run twice.
 */
export const withFileLock = async <Result>(
  path: string,
  work: () => Promise<Result>,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void } = {},
): Promise<Result> => {
  await mkdir(dirname(path), { recursive: true });
  for (let hasWaited = false; !(await tryLock(path)); hasWaited = true) {
    if (!hasWaited) options.onWait?.();
    await removeIfStale(path);
    await delay(pollMs, undefined, { signal: options.signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};

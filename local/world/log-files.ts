import { appendFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FunctionLogs } from '../aws/services/lambda/function-logs.ts';

const flushMs = 1_000;

/**
 * Keeps what the functions log in a file each, `<folder>/<function>.log`, since the stand-in holds it in memory only.
 *
 * @param folder replaced as a whole
 * @param onFailure told where a file cannot be written; the rest goes on
 * @returns writes what is left and ends
 */
export const keepFunctionLogs = async (
  logs: FunctionLogs,
  folder: string,
  onFailure: (failure: unknown) => void,
): Promise<() => Promise<void>> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const writtenByGroup = new Map<string, number>();
  const flush = async (): Promise<void> => {
    for (const group of logs.groups()) {
      const events = logs.read(group);
      const added = events.slice(writtenByGroup.get(group) ?? 0);
      writtenByGroup.set(group, events.length);
      const text = added.map(({ atMs, message }) => `${new Date(atMs).toISOString()} ${message.trimEnd()}\n`).join('');
      if (text !== '') await appendFile(join(folder, `${basename(group)}.log`), text);
    }
  };
  // One after another, so that lines keep their order.
  let underWay = Promise.resolve();
  const next = (): Promise<void> => {
    underWay = underWay.then(flush).catch(onFailure);
    return underWay;
  };
  const timer = setInterval(next, flushMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await next();
  };
};

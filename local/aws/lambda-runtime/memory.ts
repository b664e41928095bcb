import { readFileSync } from 'node:fs';

/**
 * The memory that a process holds now and the most it ever held, in bytes, from /proc. Undefined where there is no
 * /proc or the process is gone: then the runtime's own word at its end is all that is known.
 */
export function memoryOf(pid: number): { readonly rssBytes: number; readonly maxRssBytes: number } | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  const [rssBytes, maxRssBytes] = [kilobytes('VmRSS') * 1024, kilobytes('VmHWM') * 1024];
  return Number.isNaN(rssBytes) || Number.isNaN(maxRssBytes) ? undefined : { rssBytes, maxRssBytes };
}

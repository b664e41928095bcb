import { readdir, readFile } from 'node:fs/promises';

/** One process as Linux tells it. */
export type ProcessMemory = { readonly pid: number; readonly parentPid: number; readonly residentKiB: number };

/**
 * Resident memory of a process and all its descendants, in MiB. Pages that several of them share count once for each,
 * so that the sum is never too low.
 */
export const treeMemoryMiB = (processes: readonly ProcessMemory[], rootPid: number): number => {
  const byParent = Map.groupBy(processes, ({ parentPid }) => parentPid);
  const own = processes.find(({ pid }) => pid === rootPid)?.residentKiB ?? 0;
  const ofChildren = (pid: number): number =>
    (byParent.get(pid) ?? []).reduce((sum, child) => sum + child.residentKiB + ofChildren(child.pid), 0);
  return (own + ofChildren(rootPid)) / 1024;
};

/** Reads `/proc/<pid>/status`; undefined for what has no memory of its own (a kernel thread, a zombie). */
export const parseStatus = (pid: number, status: string): ProcessMemory | undefined => {
  const number = (name: string) => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1];
  const [parent, resident] = [number('PPid'), number('VmRSS')];
  if (parent === undefined || resident === undefined) return undefined;
  return { pid, parentPid: Number(parent), residentKiB: Number(resident) };
};

const fetchProcesses = async (): Promise<readonly ProcessMemory[]> => {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(
    ids.map(async (id) => {
      // A process may end between the listing and the reading: then it holds no memory any more.
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return parseStatus(Number(id), status);
    }),
  );
  return all.filter((each) => each !== undefined);
};

export type MemoryWatch = {
  /** The most that was seen, in MiB; undefined where this machine has no /proc. */
  readonly peakMiB: () => number | undefined;
  readonly stop: () => void;
};

/** Samples this process and its descendants every second, and once at the start. */
export const watchMemory = (intervalMs = 1_000): MemoryWatch => {
  let peak: number | undefined;
  const sample = async (): Promise<void> => {
    if (process.platform !== 'linux') return;
    const now = treeMemoryMiB(await fetchProcesses(), process.pid);
    peak = Math.max(peak ?? 0, now);
  };
  // One that fails leaves the peak unmeasured, which the report then says.
  const tick = (): void => void sample().catch(() => undefined);
  tick();
  const timer = setInterval(tick, intervalMs);
  timer.unref();
  return { peakMiB: () => peak, stop: () => clearInterval(timer) };
};

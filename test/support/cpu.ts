import process from 'node:process';

/** Processor time that synchronous work takes: a busy machine makes it wait, and adds nothing to this. */
export const cpuMsOf = (work: () => void): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

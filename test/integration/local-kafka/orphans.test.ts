import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { isAlive } from '../../support/processes.ts';

const script = fileURLToPath(new URL('../../support/kafka/kafka-parent.ts', import.meta.url));

/** A process that starts brokers, freezes one, leaves a console consumer running, tells their ids, and waits. */
const startParent = async () => {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const told: unknown = JSON.parse(String(line));
  // What the script prints, and nobody else does.
  return { child, ...(told as { readonly pids: readonly number[]; readonly dataDirectory: string }) };
};

describe('brokers whose parent is gone', () => {
  it.each([['SIGKILL'], ['SIGINT'], ['SIGTERM']] as const)(
    'are gone too after %s, a frozen one among them, with their data',
    async (signal) => {
      const { child, pids, dataDirectory } = await startParent();
      expect(pids).toHaveLength(2);
      for (const pid of pids) expect(isAlive(pid)).toBe(true);

      child.kill(signal);
      await once(child, 'exit');

      await eventually(async () => {
        for (const pid of pids) expect(isAlive(pid)).toBe(false);
        await expect(access(dataDirectory)).rejects.toThrow('ENOENT');
      });
    },
  );
});

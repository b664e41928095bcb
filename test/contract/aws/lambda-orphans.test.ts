import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { isAlive } from '../../support/processes.ts';

const parentScript = fileURLToPath(new URL('../../support/aws/lambda-parent.ts', import.meta.url));

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'a world that dies of %s takes its functions with it',
  async (signal) => {
    const directory = await mkdtemp(join(tmpdir(), 'orphan-'));
    try {
      await writeFile(
        join(directory, 'index.mjs'),
        `import { writeFileSync } from 'node:fs';
       export const handler = async () => {
         writeFileSync(${JSON.stringify(join(directory, 'pid'))}, String(process.pid));
         await new Promise((resolve) => setTimeout(resolve, 600_000));
       };`,
      );
      const parent = spawn(process.execPath, [parentScript, directory], { stdio: 'inherit' });
      const pid = await eventually(async () => {
        const written = Number(await readFile(join(directory, 'pid'), 'utf8'));
        expect(written).toBeGreaterThan(0);
        return written;
      });
      expect(isAlive(pid)).toBe(true);
      parent.kill(signal);
      await eventually(() => expect(isAlive(pid)).toBe(false));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
);

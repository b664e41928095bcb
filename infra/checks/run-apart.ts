import { fork } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { passSignals } from './child-end.ts';
import type { PartOrder } from './part-process.ts';
import type { Choice, Part } from './parts.ts';
import type { PartResult } from './run-parts.ts';

const failedOf = ({ name }: Part, beganMs: number): PartResult => ({
  name,
  exitCode: 1,
  tookSeconds: (performance.now() - beganMs) / 1000,
  cpuSeconds: undefined,
  tests: undefined,
});

const program = fileURLToPath(new URL('./part-process.ts', import.meta.url));

/**
 * Runs a part beside others: each line of its output goes to `say` as soon as it stands. A part whose process ends without a
 * word, as by a signal, has failed.
 */
export const runApart = (part: Part, choice: Choice, say: (line: string) => void, root?: string): Promise<PartResult> =>
  new Promise((resolve) => {
    const beganMs = performance.now();
    const child = fork(program, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // What a terminal would show in colours, it shows so behind a pipe.
      env: { ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...process.env },
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null) createInterface({ input: stream }).on('line', say);
    const stopPassing = passSignals(child);
    let result: PartResult | undefined;
    child.on('message', (told) => {
      // What part-process.ts sends, and nobody else does.
      result = told as PartResult;
    });
    child.on('error', (error) => say(String(error)));
    child.on('close', (code, signal) => {
      stopPassing();
      if (result === undefined) say(`stopped by ${signal ?? `exit status ${code}`}`);
      resolve(result ?? failedOf(part, beganMs));
    });
    child.send({ part, choice, root } satisfies PartOrder);
  });

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

/** What the test process is asked: run these, in this order, until one fails. */
export type Question = {
  readonly tests: readonly string[];
  readonly mutant?: { readonly path: string; readonly code: string };
  /** Beyond either a file does not come to an end; one that has none may take as long as it wants. */
  readonly limitByTest?: Readonly<Record<string, TestLimit>>;
};

/** What one file may take, of the processor and of the clock. */
export type TestLimit = { readonly mostCpuMs: number; readonly mostWaitMs: number };

export type Answer = {
  readonly durationMsByTest: Readonly<Record<string, number>>;
  readonly failure: { readonly test: string; readonly problem: string } | undefined;
};

/** How tests took a mutant. `over`: they did not come to an end, or their process died of it. */
export type Outcome = 'survived' | 'failed' | 'over';

export type TestRunner = {
  readonly ask: (question: Question) => Promise<Answer | 'over'>;
  readonly close: () => Promise<void>;
};

/** A warm test process; one that a mutant ended is replaced at the next question. @param seed of the tests' random cases */
export function openTestRunner(seed: number): TestRunner {
  let running: ChildProcess | undefined;
  const start = async (): Promise<ChildProcess> => {
    const child = fork(join(import.meta.dirname, 'test-process.ts'), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, MSKEEPER_SEED: String(seed) },
    });
    let problem = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      problem = `${problem}${bytes}`.slice(-2_000);
    });
    const ready = once(child, 'message').then(() => 'ready' as const);
    const ended = once(child, 'exit').then(() => 'ended' as const);
    if ((await Promise.race([ready, ended])) === 'ended') throw new Error(`the test process did not start: ${problem}`);
    return child;
  };
  return {
    ask: async (question) => {
      running ??= await start();
      const child = running;
      const answer = await new Promise<Answer | 'over'>((resolve) => {
        const end = (said: Answer | 'over') => {
          child.off('message', end).off('exit', die);
          resolve(said);
        };
        const die = () => end('over');
        child.once('message', end).once('exit', die).send(question);
      });
      if (answer === 'over') running = undefined;
      return answer;
    },
    close: async () => {
      if (running === undefined) return;
      const ended = once(running, 'exit');
      running.disconnect();
      await ended;
      running = undefined;
    },
  };
}

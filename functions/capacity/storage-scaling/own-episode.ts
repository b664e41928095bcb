import { DependencyError } from '../../../shared/core/errors.ts';
import { findForeignInput } from '../../../shared/durable/own-episode.ts';
import type { Run } from './memory.ts';

/**
 * Why nobody vouches for what the run was started with, in words that follow on "since"; undefined where its episode's document
 * does. What the document said once holds for the run; one that could not be read is asked for anew at the next time.
 */
export async function fetchInputDoubt({ durable, ports, memory, input }: Run): Promise<string | undefined> {
  if (memory.inputDoubt !== undefined) return memory.inputDoubt.why;
  const own = { procedure: 'storage-scaling', executionName: durable.executionName };
  try {
    const why = await durable.step(
      `own episode ${memory.looks}`,
      async () => findForeignInput(input, own, await ports.fetchEpisode()) ?? null,
    );
    memory.inputDoubt = { why: why ?? undefined };
    return memory.inputDoubt.why;
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return `the document of its episode could not be read (${error.message})`;
  }
}

import type { Part } from './parts.ts';
import type { TestReport } from './test-report.ts';

/** How a part ended. */
export type PartResult = {
  readonly name: string;
  readonly exitCode: number;
  readonly tookSeconds: number;
  /** Of all its processes together; absent where the system does not tell. */
  readonly cpuSeconds: number | undefined;
  /** Absent where the part has no tests or ended before it could count them. */
  readonly tests: TestReport | undefined;
};

/**
 * Runs the parts, so many at a time, and begins them in their order. After the first that fails none is begun any more;
 * those under way come to their end.
 *
 * @returns what ran, in the order of the parts
 */
export const runParts = async (
  parts: readonly Part[],
  laneCount: number,
  run: (part: Part) => Promise<PartResult>,
): Promise<readonly PartResult[]> => {
  const waiting = [...parts.entries()];
  const results: PartResult[] = [];
  let hasFailed = false;
  const runLane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !hasFailed; next = waiting.shift()) {
      const [index, part] = next;
      const result = await run(part);
      results[index] = result;
      hasFailed ||= result.exitCode !== 0;
    }
  };
  await Promise.all(Array.from({ length: laneCount }, runLane));
  // A part that never began has left a hole.
  return results.filter((result) => result !== undefined);
};

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

/** Runs the parts in their order; the first that fails is the last that runs. */
export const runParts = async (
  parts: readonly Part[],
  run: (part: Part) => Promise<PartResult>,
): Promise<readonly PartResult[]> => {
  const results: PartResult[] = [];
  for (const part of parts) {
    const result = await run(part);
    results.push(result);
    if (result.exitCode !== 0) break;
  }
  return results;
};

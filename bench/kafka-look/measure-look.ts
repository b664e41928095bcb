import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { ViewPayload } from '../../shared/kafka/view/payload.ts';

/** What one look cost, in a process of its own. */
const measurement = z.object({
  lookMs: z.number(),
  packMs: z.number(),
  /** Highest resident size of the whole process, less the resident size when its modules were loaded. */
  rssGrowthBytes: z.number(),
  rssPeakBytes: z.number(),
  requestCountByApi: z.record(z.string(), z.number()),
  requestCountByBroker: z.record(z.string(), z.number()),
  packedBytes: z.number(),
  payload: z.custom<ViewPayload>(),
});
export type LookMeasurement = z.infer<typeof measurement>;

/** Runs look-process.ts against a cluster. @param witnesses `one`: those beside the first cost nothing */
export const measureLook = async (servers: readonly string[], witnesses: 'all' | 'one'): Promise<LookMeasurement> => {
  const script = fileURLToPath(new URL('./look-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, ...(witnesses === 'one' ? ['--one-witness'] : []), ...servers],
    {
      maxBuffer: 64 * 1024 * 1024,
      timeout: 120_000,
    },
  );
  return measurement.parse(JSON.parse(stdout));
};

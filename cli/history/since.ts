import { UsageError } from '../../infra/command-line.ts';
import { dayMs, hourMs } from '../../shared/core/units.ts';

/**
 * The time that `--since` means: `36h` or `30d` before now, or a day in UTC (`2026-11-01`).
 *
 * @throws UsageError for anything else
 */
export const parseSince = (text: string, nowMs: number): number => {
  const ago = /^(?<count>\d{1,5})(?<unit>[hd])$/.exec(text)?.groups;
  if (ago !== undefined) return nowMs - Number(ago.count) * (ago.unit === 'h' ? hourMs : dayMs);
  const atMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse turns 30 February into 2 March.
  if (!Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text)) return atMs;
  throw new UsageError(`--since ${JSON.stringify(text)} is no time: 36h, 30d or 2026-11-01`);
};

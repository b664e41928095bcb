import { hourMs } from '../../../../shared/core/units.ts';
import type { NoticeSaid } from './notices.ts';

/**
 * A command that nobody who may give one gave.
 *
 * @property because `unproven`: no signature of anybody's. `stranger`: somebody who may not. `replayed`: it counted before
 * @property command what was asked for, with the incident
 * @property why what is known of it
 */
export type Suspicion = {
  readonly because: 'unproven' | 'stranger' | 'replayed';
  readonly command: string;
  readonly why: string;
};

/**
 * What people hear of it: once an hour for each kind, however many come, since whoever may invoke the function may send any
 * number of them.
 */
export function planSuspicion({ because, command, why }: Suspicion, nowMs: number): NoticeSaid {
  const headline = `Somebody who may invoke incident’s function gave a command that counts for nothing: ${command}. Nothing was done.`;
  return {
    key: `command-refused/${because}/${Math.floor(nowMs / hourMs)}`,
    procedure: 'incident',
    atMs: nowMs,
    topic: 'operations',
    severity: 'warning',
    headline,
    findings: [{ subject: 'command', severity: 'warning', message: why }],
    names: [],
    isIntent: false,
  };
}

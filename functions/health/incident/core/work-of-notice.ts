import type { NoticeDetail } from '../../../../shared/core/bus-event.ts';
import type { Work } from './works.ts';

/**
 * The work that a notice tells of, or that it calls over: of each procedure there is one at a time.
 *
 * @returns none where the notice says nothing of the kind; one without any time where it is over
 */
export function workOfNotice({ procedure, atMs, notice }: NoticeDetail): Work | undefined {
  const { dealing } = notice;
  if (dealing === undefined) return undefined;
  const { what, untilMs } = 'isOver' in dealing ? { what: 'nothing any more', untilMs: atMs } : dealing;
  return { key: `act|${procedure}`, what, does: 'repairs', of: dealing.fault, sinceMs: atMs, untilMs };
}

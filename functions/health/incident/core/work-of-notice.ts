import type { NoticeDetail } from '../../../../shared/core/bus-event.ts';
import type { Work } from './works.ts';

/**
 * The work that a notice tells of, or that it calls over: of each procedure there is one at a time.
 *
 * @returns what `Heard` takes of it; none of both where the notice says nothing of the kind
 */
export function workOfNotice({ procedure, atMs, notice }: NoticeDetail): {
  readonly works: readonly Work[];
  readonly endedWorks: readonly string[];
} {
  const { dealing } = notice;
  if (dealing === undefined) return { works: [], endedWorks: [] };
  const key = `act|${procedure}`;
  if ('isOver' in dealing) return { works: [], endedWorks: [key] };
  const { fault, what, untilMs } = dealing;
  return { works: [{ key, what, does: 'repairs', of: fault, sinceMs: atMs, untilMs }], endedWorks: [] };
}

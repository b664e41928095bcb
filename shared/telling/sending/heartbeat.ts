import type { Tried } from '../../core/delivery.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { askHttps } from './https.ts';
import { delivered, hear, notTaken, refused } from './outcome.ts';

/**
 * Tells a watcher outside of AWS that mskeeper lives, so that somebody hears of a Region that is dead: a plain GET, which all
 * of them take. The address is the key to it, and in no error.
 */
export async function sendHeartbeat(calls: CallScope, { url }: { readonly url: string }): Promise<Tried> {
  const who = 'the outside watcher';
  const said = hear(who, await askHttps(calls, 'heartbeat:get', { url, method: 'GET' }));
  if (!said.isHeard) return said.tried;
  const { status } = said.heard;
  if (status >= 200 && status < 300) return delivered;
  if (status === 404 || status === 410)
    return refused(
      `${who} knows no such address (${status}): put the one that it gave you into the heartbeat's parameter`,
    );
  return notTaken('failed', `${who} answered ${status}`, said.heard);
}

import type * as z from 'zod';
import type { ChannelSecrets, SecretPlace } from '../../aws/channel-secrets.ts';
import type { Tried } from '../../core/delivery.ts';
import { DependencyError } from '../../core/errors.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { type NotDelivered, notTaken } from './outcome.ts';

/**
 * One try with an endpoint's secret. What is refused by a secret that was kept is tried once more by what stands there now: who
 * renews a token does not tell us, and what is refused is never sent again. A secret that cannot be read, or is none, is a
 * failure: people mend it while the message waits.
 *
 * @throws what `send` throws
 */
export async function sendWithSecret<Secret, Sent extends Tried>(
  { secrets, calls, nowMs }: { readonly secrets: ChannelSecrets; readonly calls: CallScope; readonly nowMs: number },
  place: SecretPlace,
  schema: z.ZodType<Secret>,
  send: (secret: Secret) => Promise<Sent>,
): Promise<Sent | NotDelivered> {
  const first = await read(() => secrets.fetch(calls, place, schema, nowMs));
  if ('result' in first) return first;
  const sent = await send(first.value);
  if (sent.result !== 'refused' || !first.isKept) return sent;
  secrets.forget(place);
  const second = await read(() => secrets.fetch(calls, place, schema, nowMs));
  if ('result' in second) return second;
  return JSON.stringify(second.value) === JSON.stringify(first.value) ? sent : send(second.value);
}

async function read<Fetched>(fetch: () => Promise<Fetched>): Promise<Fetched | NotDelivered> {
  try {
    return await fetch();
  } catch (error) {
    if (error instanceof DependencyError) return notTaken('failed', error.message);
    throw error;
  }
}

import { longestAskedWaitMs } from '../../core/delivery.ts';
import { secondMs } from '../../core/units.ts';
import type { CallScope } from '../../run/call-scope.ts';

/** The whole of one call: name, connection, answer. */
const longestMs = 5_000;
/** More than any answer that is of use. */
const answerBytes = 65_536;

export type HttpsRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/**
 * What came of a call. `not-sent`: it certainly did not get there. `cut`: it was under way, and nobody knows how far it came.
 *
 * @property text absent where the answer was longer than we read, or broke off
 * @property afterMs what the answer asked to be waited for
 * @property scopes of the token that asked, where the host tells them: Slack does, `x-oauth-scopes` (slack-ruby-client #378)
 * @property code of what went wrong, as Node names it; never words, since they may quote what was sent
 */
export type HttpsAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly text?: string;
      readonly afterMs?: number;
      readonly scopes?: readonly string[];
    }
  | { readonly kind: 'not-sent'; readonly code: string }
  | { readonly kind: 'cut'; readonly code: string };

/**
 * One call over HTTPS under a name (`slack:chat.postMessage`), which is counted and ends with the run. Redirects are not
 * followed: what we send is for the host that we name. Each call has a connection of its own, since one that a frozen function
 * kept is dead when it wakes, and what was sent into it has an outcome that nobody knows.
 */
export async function askHttps(
  calls: CallScope,
  call: string,
  { url, method, headers, body }: HttpsRequest,
  withinMs = longestMs,
): Promise<HttpsAnswer> {
  const signal = AbortSignal.any([calls.signal, AbortSignal.timeout(withinMs)]);
  if (signal.aborted) return { kind: 'not-sent', code: 'no time left' };
  calls.countRequests(call, 1);
  return calls.track(call, async () => {
    try {
      const answer = await fetch(url, {
        method,
        redirect: 'manual',
        signal,
        headers: { 'user-agent': 'mskeeper', connection: 'close', ...headers },
        ...(body !== undefined && { body }),
      });
      const text = await readText(answer);
      const afterMs = afterMsOf(answer.headers);
      const scopes = scopesOf(answer.headers);
      return {
        kind: 'answered',
        status: answer.status,
        ...(text !== undefined && { text }),
        ...(afterMs !== undefined && { afterMs }),
        ...(scopes !== undefined && { scopes }),
      };
    } catch (error) {
      return failureOf(error, signal);
    }
  });
}

/** What is longer or breaks off is no text: the status stands all the same. */
async function readText(answer: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > answerBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return undefined;
  }
}

/** `Retry-After` in seconds, or PagerDuty's `ratelimit-reset`. A date is not read: no clock of theirs is ours. */
function afterMsOf(headers: Headers): number | undefined {
  const said = headers.get('retry-after') ?? headers.get('ratelimit-reset');
  if (said === null || !/^\d{1,9}$/.test(said)) return undefined;
  return Math.min(Number(said) * secondMs, longestAskedWaitMs);
}

function scopesOf(headers: Headers): readonly string[] | undefined {
  const said = headers.get('x-oauth-scopes');
  if (said === null || !/^[a-z0-9:._, -]{1,2000}$/i.test(said)) return undefined;
  return said.split(',').flatMap((one) => one.trim() || []);
}

/** Of these Node says that there was no connection over which anything could have gone. */
const neverConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_\w+|UNABLE_TO_\w+)$/;

function failureOf(error: unknown, signal: AbortSignal): HttpsAnswer {
  if (signal.aborted) return { kind: 'cut', code: 'no answer in time' };
  const inner: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code: unknown = inner instanceof Error ? Reflect.get(inner, 'code') : undefined;
  const text = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'the connection broke';
  return { kind: neverConnected.test(text) ? 'not-sent' : 'cut', code: text };
}

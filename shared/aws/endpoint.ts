import { DependencyError, type DependencyFailure } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';
import { redactText } from '../text/redaction.ts';

/** What an endpoint of the user's answered: its status alone, never its body. */
export type EndpointAnswer = {
  readonly status: number;
  readonly answerMs: number;
  /** Present where it redirects to another origin, which is not followed: it would be told what the user did not name. */
  readonly redirectHost?: string;
};

const mostRedirects = 3;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Asks a health endpoint with GET. Redirects are followed within its own origin only. The address is in no message, since
 * it may hold a key.
 *
 * @param timeoutMs for the whole, redirects too
 * @throws DependencyError naming `GET endpoint <name>`: `timed-out`, `unreachable`, `tls-failed`, `bad-answer`
 */
export async function fetchEndpoint(
  calls: CallScope,
  { name, url }: { readonly name: string; readonly url: string },
  timeoutMs: number,
): Promise<EndpointAnswer> {
  const call = `GET endpoint ${name}`;
  const signal = AbortSignal.any([calls.signal, AbortSignal.timeout(timeoutMs)]);
  const startedAtMs = Date.now();
  return calls.track(call, async () => {
    let target = new URL(url);
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const { status, location } = await askOnce(call, calls, target, signal);
      const answerMs = Date.now() - startedAtMs;
      if (!redirectStatuses.includes(status) || location === null) return { status, answerMs };
      const next = URL.canParse(location, target.href) ? new URL(location, target) : undefined;
      if (next === undefined) throw new DependencyError(call, 'bad-answer', 'it redirects to no address');
      if (next.origin !== target.origin) return { status, answerMs, redirectHost: redactText(next.host) };
      target = next;
    }
    throw new DependencyError(call, 'bad-answer', `it redirects more than ${mostRedirects} times`);
  });
}

async function askOnce(call: string, calls: CallScope, target: URL, signal: AbortSignal) {
  calls.countRequests(call, 1);
  try {
    const answer = await fetch(target, { redirect: 'manual', signal, headers: { 'user-agent': 'mskeeper' } });
    await answer.body?.cancel();
    return { status: answer.status, location: answer.headers.get('location') };
  } catch (cause) {
    throw new DependencyError(call, failureOf(cause, signal), messageOf(cause), { cause });
  }
}

/** fetch hides the reason in `cause`; a code where there is one, else the error's name. Never its message. */
const messageOf = (error: unknown): string => {
  const inner: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(inner instanceof Error)) return 'no answer';
  const code: unknown = Reflect.get(inner, 'code');
  return typeof code === 'string' ? code : inner.name;
};

function failureOf(error: unknown, signal: AbortSignal): DependencyFailure {
  if (signal.aborted) return 'timed-out';
  const code = messageOf(error);
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return 'tls-failed';
  return code === 'HTTPParserError' || code.startsWith('HPE_') ? 'bad-answer' : 'unreachable';
}

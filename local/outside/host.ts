/** One request as a host gets it. */
export type OutsideRequest = {
  readonly method: string;
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** World's clock. */
  readonly atMs: number;
};

/**
 * What a host answers.
 *
 * @property outcome what the call log says of it: `ok`, or the host's own word for what was wrong; absent: by the status
 */
export type OutsideAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly outcome?: string;
};

/** What a fault makes of a call, in the host's own words. */
export type Refusal = 'deny' | 'throttle' | 'server-error';

/** A host of the world outside. */
export type OutsideHost = {
  /** What it throws is a mistake of the stand-in itself: the caller gets a 500 that says so. */
  answer(request: OutsideRequest): OutsideAnswer | Promise<OutsideAnswer>;
  /** Absent: a status and a word. @param afterSeconds what a throttled caller is asked to wait */
  refuse?(refusal: Refusal, afterSeconds: number): OutsideAnswer;
};

export const jsonAnswer = (
  status: number,
  body: object,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly outcome?: string } = {},
): OutsideAnswer => ({
  ...more,
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...more.headers },
  body: JSON.stringify(body),
});

/** What any HTTPS server says. */
export function plainRefusal(refusal: Refusal, afterSeconds: number): OutsideAnswer {
  switch (refusal) {
    case 'deny':
      return { status: 403, body: 'forbidden' };
    case 'throttle':
      return { status: 429, headers: { 'retry-after': String(afterSeconds) }, body: 'too many requests' };
    case 'server-error':
      return { status: 500, body: 'internal server error' };
    default:
      return refusal satisfies never;
  }
}

/** The body's text, or undefined for bytes that are no UTF-8. */
export function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** The body's JSON, or undefined for what is none: no JSON text means that. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(body) ?? '');
  } catch {
    return undefined;
  }
}

/** What the sandbox tells the runtime process, once it has loaded the handler. */
export type InvokeMessage = {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  /** The event, as JSON. */
  readonly payload: string;
  /** How long the invocation may take. */
  readonly timeoutMs: number;
  readonly clientContext: string | undefined;
};

/** A failure in the shape that Lambda returns and logs. */
export type ErrorShape = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

/** What the runtime process tells the sandbox. */
export type RuntimeMessage =
  | { readonly type: 'ready'; readonly initMs: number }
  | { readonly type: 'returned'; readonly payload: string; readonly maxRssBytes: number }
  | { readonly type: 'failed'; readonly error: ErrorShape; readonly maxRssBytes: number };

/**
 * What differs between two invocations of one durable execution, made large and known: outside of a step the date is
 * moved and chance begins anew; inside a step both are held, so that only what leaks out of replayed code differs.
 */
export type Disturbance = {
  /** Added to the world's date outside of steps. */
  readonly dateShiftMs: number;
  /** Where chance begins outside of steps. */
  readonly seed: number;
};
export const disturbanceVariable = '_LOCAL_DISTURBANCE';

/** How far the world's time is from the machine's; the function's `Date` is moved by it. */
export const dateShiftVariable = '_LOCAL_DATE_SHIFT_MS';

/** The proxy by which a function's `fetch` gets outside. */
export const outsideProxyVariable = '_LOCAL_OUTSIDE_PROXY';

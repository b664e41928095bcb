import type { AwsError } from '../service.ts';

/** An HTTP request as it arrived; `path` is still percent-encoded, since an ARN is one encoded segment of it. */
export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type WireResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** One protocol of one service: from bytes to an SDK command's input, and from its output or an error to bytes. */
export type Codec = {
  /** The operation's name; undefined when the request fits none of the service. */
  operationOf(request: WireRequest): string | undefined;
  /** Throws AwsError SerializationException for a body that is not of the protocol. */
  decode(operation: string, request: WireRequest): Record<string, unknown>;
  encode(operation: string, output: unknown, requestId: string): WireResponse;
  encodeError(error: AwsError, requestId: string): WireResponse;
};

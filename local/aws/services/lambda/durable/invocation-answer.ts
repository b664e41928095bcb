import type { ErrorObject } from '@aws-sdk/client-lambda';
import * as z from 'zod';

const errorObject = z.object({
  ErrorMessage: z.string().optional(),
  ErrorType: z.string().optional(),
  ErrorData: z.string().optional(),
  StackTrace: z.array(z.string()).optional(),
});
const answer = z.discriminatedUnion('Status', [
  z.object({ Status: z.literal('SUCCEEDED'), Result: z.string().optional() }),
  z.object({ Status: z.literal('FAILED'), Error: errorObject.optional() }),
  z.object({ Status: z.literal('PENDING') }),
]);

/** What an invocation that ended by itself says about its execution. */
export type InvocationVerdict =
  | { readonly kind: 'succeeded'; readonly result: string | undefined }
  | { readonly kind: 'failed'; readonly error: ErrorObject | undefined }
  | { readonly kind: 'pending' };

/** Reads a function's answer. One that no durable function gives fails the execution: the handler lacks the SDK's wrapper. */
export function readInvocationAnswer(payload: string): InvocationVerdict {
  const parsed = answer.safeParse(JSON.parse(payload));
  if (!parsed.success) return { kind: 'failed', error: invalidOutput('Invalid Status in invocation output.') };
  const { data } = parsed;
  switch (data.Status) {
    case 'SUCCEEDED':
      return { kind: 'succeeded', result: data.Result };
    case 'FAILED':
      return { kind: 'failed', error: data.Error };
    case 'PENDING':
      return { kind: 'pending' };
    default:
      return data satisfies never;
  }
}

export const invalidOutput = (message: string): ErrorObject => ({ ErrorType: 'InvalidOutput', ErrorMessage: message });

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { callAws } from '../shared/aws/call.ts';
import { DependencyError } from '../shared/core/errors.ts';
import { functionNameOf } from '../shared/deployment/names.ts';
import { jsonIn } from '../shared/text/json.ts';
import type { Target } from './target.ts';

/**
 * Invokes a function of the stack and waits for its answer: once, since what a person signed counts once, and a retry of what
 * arrived would be refused.
 *
 * @param alias by which it is invoked; by its own name where there is none
 * @returns what it answered, as it parses; the caller knows its shape
 * @throws DependencyError naming `lambda:Invoke <function>`; `failed` with the function's own words where it threw
 */
export const invokeOnce = async <Answer>(
  { context, calls, clientOf }: Target,
  slug: string,
  event: object,
  answer: { readonly schema: z.ZodType<Answer>; readonly what: string },
  alias?: string,
): Promise<Answer> => {
  const name = functionNameOf(context, slug);
  const call = `lambda:Invoke ${name}`;
  const command = new InvokeCommand({
    FunctionName: name,
    Qualifier: alias,
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const client = clientOf(LambdaClient, { maxAttempts: 1, requestMs: 60_000 });
  const { FunctionError: failed, Payload } = await callAws(calls, call, (options) => client.send(command, options));
  const text = Buffer.from(Payload ?? []).toString('utf8');
  if (failed !== undefined) throw new DependencyError(call, 'failed', `failed: ${errorOf(text)}`);
  const parsed = answer.schema.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  throw new DependencyError(call, 'bad-answer', `bad answer: expected ${answer.what}`);
};

/** The function's own words for what was wrong. */
const errorOf = (text: string): string => {
  const parsed = z.object({ errorMessage: z.string() }).safeParse(jsonIn(text));
  return parsed.success ? parsed.data.errorMessage : 'the function gave no reason';
};

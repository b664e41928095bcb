import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod';
import { DependencyError } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';
import { callAws } from './call.ts';

const call = 'secretsmanager:GetSecretValue';

const parseJson = (secretId: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it is no cause to carry along.
    throw new DependencyError(call, 'bad-answer', `bad-answer: secret ${secretId} holds no JSON`);
  }
};

/**
 * Reads one secret that holds JSON, as MSK's SCRAM secrets do.
 *
 * @throws DependencyError `not-found`, `denied` … from Secrets Manager; `bad-answer` where the content has another shape.
 *   No error quotes the content.
 */
export const fetchSecret = async <Secret>(
  client: SecretsManagerClient,
  calls: CallScope,
  secretId: string,
  schema: z.ZodType<Secret>,
): Promise<Secret> => {
  const answer = await callAws(calls, call, (options) =>
    client.send(new GetSecretValueCommand({ SecretId: secretId }), options),
  );
  const text = answer.SecretString;
  if (text === undefined) throw new DependencyError(call, 'bad-answer', `bad-answer: secret ${secretId} holds no text`);
  const parsed = schema.safeParse(parseJson(secretId, text));
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'secret'} (${code})`).join(', ');
  throw new DependencyError(call, 'bad-answer', `bad-answer: secret ${secretId} has another shape: ${paths}`);
};

import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../../shared/aws/call.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** A parameter by what may be told of it: never its value, but where the caller asks whether it is one of these. */
export type ParameterFacts = { readonly type: string; readonly isEmpty: boolean; readonly word: string | undefined };

/**
 * Asks without decryption, so that an address kept as a SecureString never gets here.
 *
 * @param words values that may be told: `on` and `off` of a kill switch
 * @throws DependencyError naming `ssm:GetParameter`; `not-found` where there is none
 */
export const fetchParameter = async (
  client: SSMClient,
  calls: CallScope,
  name: string,
  words: readonly string[] = [],
): Promise<ParameterFacts> => {
  const command = new GetParameterCommand({ Name: name, WithDecryption: false });
  const { Parameter } = await callAws(calls, 'ssm:GetParameter', (options) => client.send(command, options));
  const value = Parameter?.Value ?? '';
  return {
    type: Parameter?.Type ?? 'unknown',
    isEmpty: value.trim() === '',
    word: words.find((word) => word === value),
  };
};

/** A parameter that ought to hold a stack's id; undefined where it holds anything else, which is not told. */
export type StackClaim = { readonly stackId: string | undefined };

/** CloudFormation API Reference, Stack: the id is an ARN, the name of ASCII letters, digits and hyphens. */
const stackIdPattern =
  /^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:stack\/[A-Za-z][A-Za-z0-9-]{0,127}\/[A-Za-z0-9-]+$/;

/** @throws DependencyError naming `ssm:GetParameter`; `not-found` where there is none */
export const fetchStackClaim = async (client: SSMClient, calls: CallScope, name: string): Promise<StackClaim> => {
  const command = new GetParameterCommand({ Name: name, WithDecryption: false });
  const { Parameter } = await callAws(calls, 'ssm:GetParameter', (options) => client.send(command, options));
  const value = Parameter?.Value;
  return { stackId: value !== undefined && stackIdPattern.test(value) ? value : undefined };
};

/** A secret by what is beside it: its content is not asked for. */
export type SecretFacts = { readonly arn: string; readonly isDeleted: boolean; readonly keyId: string | undefined };

/** @throws DependencyError naming `secretsmanager:DescribeSecret`; `not-found` where there is none */
export const fetchSecretFacts = async (
  client: SecretsManagerClient,
  calls: CallScope,
  secretId: string,
): Promise<SecretFacts> => {
  const command = new DescribeSecretCommand({ SecretId: secretId });
  const answer = await callAws(calls, 'secretsmanager:DescribeSecret', (options) => client.send(command, options));
  return { arn: answer.ARN ?? '', isDeleted: answer.DeletedDate !== undefined, keyId: answer.KmsKeyId };
};

import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../../shared/aws/call.ts';
import { httpsAddress, pagerDutySecret, slackSecret } from '../../shared/aws/channel-secrets.ts';
import type { PagerEndpoint, SlackEndpoint } from '../../shared/core/configuration.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';
import { jsonIn } from '../../shared/text/json.ts';

const schemaByKind = { pagerduty: pagerDutySecret, phone: pagerDutySecret, slack: slackSecret } as const;

/**
 * What is wrong with what is kept for an endpoint, as the function finds it that reads it to tell people: by the names of our own
 * fields alone. Neither a value nor a key of the user's is in the answer, since a token may stand in either place.
 */
export const findContentProblems = (kind: PagerEndpoint['kind'] | 'slack', text: string): readonly string[] => {
  const json = jsonIn(text);
  const { error } = schemaByKind[kind].safeParse(typeof json === 'object' ? json : text);
  const problems = (error?.issues ?? []).map(({ path: [field], message }) =>
    // What stands behind a colon after such a word is taken for a key, and redacted.
    field === undefined ? message : `${String(field)} (${message})`,
  );
  return [...new Set(problems)];
};

/**
 * Reads the outside watcher's address, and says what is wrong with it.
 *
 * @throws DependencyError naming `ssm:GetParameter`; `not-found` where there is none
 */
export const fetchHeartbeatProblems = async (
  ssm: SSMClient,
  calls: CallScope,
  name: string,
): Promise<readonly string[]> => {
  const { error } = httpsAddress.safeParse(await fetchValue(ssm, calls, name));
  return [...new Set((error?.issues ?? []).map(({ message }) => message))];
};

const fetchValue = async (ssm: SSMClient, calls: CallScope, name: string): Promise<string> => {
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const { Parameter } = await callAws(calls, 'ssm:GetParameter', (options) => ssm.send(command, options));
  return Parameter?.Value ?? '';
};

/**
 * Reads what is kept for an endpoint, and says what is wrong with it; what was read stays here.
 *
 * @throws DependencyError naming `secretsmanager:GetSecretValue` or `ssm:GetParameter`; `not-found` where there is none
 */
export const fetchContentProblems = async (
  clients: { readonly secretsManager: SecretsManagerClient; readonly ssm: SSMClient },
  calls: CallScope,
  endpoint: PagerEndpoint | SlackEndpoint,
): Promise<readonly string[]> => {
  if ('secret' in endpoint) {
    const command = new GetSecretValueCommand({ SecretId: endpoint.secret });
    const { SecretString = '' } = await callAws(calls, 'secretsmanager:GetSecretValue', (options) =>
      clients.secretsManager.send(command, options),
    );
    return findContentProblems(endpoint.kind, SecretString);
  }
  return findContentProblems(endpoint.kind, await fetchValue(clients.ssm, calls, endpoint.parameter));
};

import { type ChannelEndpoint, notificationTopics } from '../../shared/core/configuration.ts';
import type { Answered } from '../../shared/core/known.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { ParameterFacts, SecretFacts } from '../account/references.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'references';

/** What mskeeper.yml names and does not hold; undefined where it does not exist. */
export type ReferenceFacts = {
  readonly parameterByName: Readonly<Record<string, Answered<ParameterFacts | undefined>>>;
  readonly secretById: Readonly<Record<string, Answered<SecretFacts | undefined>>>;
  /** ARNs of the secrets that MSK lets in; asked for SCRAM only. */
  readonly scramSecretArns?: Answered<readonly string[]>;
};

/** The endpoints that some topic reaches, by name. */
export const endpointsInUse = ({ configuration }: StackContext): Readonly<Record<string, ChannelEndpoint>> => {
  const { byTopic, endpoints } = configuration.channels;
  const names = new Set(notificationTopics.flatMap((topic) => byTopic[topic]));
  return Object.fromEntries(Object.entries(endpoints).filter(([name]) => names.has(name)));
};

/** The secret by which kafka-read gets in; undefined where it needs none. */
export const clusterSecretIdOf = ({ cluster }: StackContext): string | undefined =>
  'secretId' in cluster.authentication ? cluster.authentication.secretId : undefined;

const whenDeploying = 'CloudFormation reads it when it deploys';

const parameterFinding = (
  subject: string,
  name: string,
  kind: ChannelEndpoint['kind'],
  fetched: Answered<ParameterFacts | undefined>,
): DoctorFinding => {
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const make = `make it: aws ssm put-parameter --name ${name} --type String --value …`;
  if (fetched.value === undefined)
    return {
      check,
      subject,
      status: 'failed',
      message: `there is no parameter ${name}; ${whenDeploying}`,
      advice: make,
    };
  if (fetched.value.isEmpty)
    return { check, subject, status: 'failed', message: `the parameter ${name} is empty`, advice: make };
  // SNS's Endpoint is none of the properties for which CloudFormation decrypts (guide, "SSM secure string parameters").
  if (fetched.value.type !== 'String' && kind !== 'phone' && kind !== 'slack')
    return {
      check,
      subject,
      status: 'failed',
      message: `the parameter ${name} is a ${fetched.value.type}, which CloudFormation does not read into a subscription`,
      advice: 'make it a String, or keep the address in a secret and name that',
    };
  return { check, subject, status: 'ok', message: `the parameter ${name} is there` };
};

const secretFinding = (
  subject: string,
  secretId: string,
  fetched: Answered<SecretFacts | undefined>,
): DoctorFinding => {
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  if (fetched.value === undefined)
    return {
      check,
      subject,
      status: 'failed',
      message: `there is no secret ${secretId}`,
      advice: 'make it, or correct its name in mskeeper.yml',
    };
  if (fetched.value.isDeleted)
    return {
      check,
      subject,
      status: 'failed',
      message: `the secret ${secretId} is being deleted`,
      advice: `aws secretsmanager restore-secret --secret-id ${secretId}`,
    };
  return { check, subject, status: 'ok', message: `the secret ${secretId} is there` };
};

/** MSK lets a SCRAM user in only where its secret is associated with the cluster, under a key of the user's own. */
const scramFinding = (secretId: string, facts: ReferenceFacts): readonly DoctorFinding[] => {
  const { scramSecretArns: associated } = facts;
  const secret = facts.secretById[secretId];
  const subject = 'SCRAM association';
  if (associated === undefined || secret?.isKnown !== true || secret.value === undefined) return [];
  if (!associated.isKnown) return [unknownFinding(check, subject, associated)];
  return [
    associated.value.includes(secret.value.arn)
      ? { check, subject, status: 'ok', message: `the cluster knows ${secretId}` }
      : {
          check,
          subject,
          status: 'failed',
          message: `the cluster does not know ${secretId}: MSK lets nobody in by it`,
          advice: 'associate it (aws kafka batch-associate-scram-secret)',
        },
  ];
};

/** Whether the parameters and secrets are there that mskeeper.yml names. No value is read. */
export const evaluateReferences = (context: StackContext, facts: ReferenceFacts): readonly DoctorFinding[] => {
  const clusterSecretId = clusterSecretIdOf(context);
  const channels = Object.entries(endpointsInUse(context)).flatMap(([name, endpoint]): readonly DoctorFinding[] => {
    const subject = `channel ${name}`;
    if ('parameter' in endpoint) {
      const fetched = facts.parameterByName[endpoint.parameter];
      return fetched === undefined ? [] : [parameterFinding(subject, endpoint.parameter, endpoint.kind, fetched)];
    }
    const fetched = facts.secretById[endpoint.secret];
    return fetched === undefined ? [] : [secretFinding(subject, endpoint.secret, fetched)];
  });
  const ofCluster = clusterSecretId === undefined ? undefined : facts.secretById[clusterSecretId];
  return [
    ...channels,
    ...(clusterSecretId === undefined || ofCluster === undefined
      ? []
      : [secretFinding('authentication', clusterSecretId, ofCluster), ...scramFinding(clusterSecretId, facts)]),
  ];
};

import {
  type ChannelEndpoint,
  notificationTopics,
  type PagerEndpoint,
  type SlackEndpoint,
} from '../../shared/core/configuration.ts';
import type { Answered } from '../../shared/core/known.ts';
import { isOfSns, reachedBy } from '../../shared/core/reached.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { ParameterFacts, SecretFacts } from '../account/references.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'references';

/** What mskeeper.yml names and does not hold; undefined where it does not exist. */
export type ReferenceFacts = {
  readonly parameterByName: Readonly<Record<string, Answered<ParameterFacts | undefined>>>;
  readonly secretById: Readonly<Record<string, Answered<SecretFacts | undefined>>>;
  /** By the endpoint's name what is wrong with what is kept for it; for those that a function reads. */
  readonly problemsByEndpoint: Readonly<Record<string, Answered<readonly string[] | undefined>>>;
  /** What is wrong with the outside watcher's address; asked where mskeeper.yml names one. */
  readonly heartbeatProblems?: Answered<readonly string[] | undefined>;
  /** ARNs of the secrets that MSK lets in; asked for SCRAM only. */
  readonly scramSecretArns?: Answered<readonly string[]>;
};

/** The endpoints that some topic or rung reaches, by name. */
export const endpointsInUse = ({ configuration }: StackContext): Readonly<Record<string, ChannelEndpoint>> => {
  const names = new Set(notificationTopics.flatMap((topic) => reachedBy(topic, configuration)));
  return Object.fromEntries(Object.entries(configuration.channels.endpoints).filter(([name]) => names.has(name)));
};

/** Whether a function reads what is kept for it, and not CloudFormation. */
export const isReadAtRunTime = (endpoint: ChannelEndpoint): endpoint is PagerEndpoint | SlackEndpoint =>
  !isOfSns(endpoint) && endpoint.kind !== 'amazon-q';

/** The secret by which kafka-read gets in; undefined where it needs none. */
export const clusterSecretIdOf = ({ cluster }: StackContext): string | undefined =>
  'secretId' in cluster.authentication ? cluster.authentication.secretId : undefined;

const whoReads = (isAtRunTime: boolean): string =>
  isAtRunTime ? 'a function reads it when it tells people' : 'CloudFormation reads it when it deploys';

const parameterFinding = (
  subject: string,
  name: string,
  isAtRunTime: boolean,
  fetched: Answered<ParameterFacts | undefined>,
): DoctorFinding => {
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const make = `make it: aws ssm put-parameter --name ${name} --type ${isAtRunTime ? 'SecureString' : 'String'} --value …`;
  if (fetched.value === undefined)
    return {
      check,
      subject,
      status: 'failed',
      message: `there is no parameter ${name}; ${whoReads(isAtRunTime)}`,
      advice: make,
    };
  if (fetched.value.isEmpty)
    return { check, subject, status: 'failed', message: `the parameter ${name} is empty`, advice: make };
  // SNS's Endpoint is none of the properties for which CloudFormation decrypts (guide, "SSM secure string parameters").
  if (fetched.value.type !== 'String' && !isAtRunTime)
    return {
      check,
      subject,
      status: 'failed',
      message: `the parameter ${name} is a ${fetched.value.type}, which CloudFormation does not read into a subscription`,
      advice: 'make it a String, or keep the address in a secret and name that',
    };
  if (fetched.value.type !== 'SecureString' && isAtRunTime)
    return {
      check,
      subject,
      status: 'warning',
      message: `the parameter ${name} is a ${fetched.value.type}: whoever may read parameters reads what it holds`,
      advice: 'make it a SecureString',
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

/** Whether what is kept has the fields that a function looks for. What it holds was not handed on. */
const contentFindings = (
  subject: string,
  fetched: Answered<readonly string[] | undefined> | undefined,
): readonly DoctorFinding[] => {
  if (fetched === undefined) return [];
  if (!fetched.isKnown) return [unknownFinding(check, subject, fetched)];
  if (fetched.value === undefined || fetched.value.length === 0) return [];
  return [
    {
      check,
      subject,
      status: 'failed',
      message: `what is kept for it cannot be used: ${fetched.value.join('; ')}`,
      advice: 'write it as docs/deploy.md says (Channels)',
    },
  ];
};

/** What is not there cannot be read either, and is told already. */
const withContent = (
  subject: string,
  place: DoctorFinding | undefined,
  fetched: Answered<readonly string[] | undefined> | undefined,
): readonly DoctorFinding[] => [
  ...(place === undefined ? [] : [place]),
  ...(place?.status === 'failed' ? [] : contentFindings(subject, fetched)),
];

const placeFinding = (
  subject: string,
  endpoint: ChannelEndpoint,
  isAtRunTime: boolean,
  facts: ReferenceFacts,
): DoctorFinding | undefined => {
  if ('parameter' in endpoint) {
    const fetched = facts.parameterByName[endpoint.parameter];
    return fetched && parameterFinding(subject, endpoint.parameter, isAtRunTime, fetched);
  }
  if (!('secret' in endpoint)) return undefined;
  const fetched = facts.secretById[endpoint.secret];
  return fetched && secretFinding(subject, endpoint.secret, fetched);
};

/** Whether the parameters and secrets are there that mskeeper.yml names, and have the fields that a function reads. No value is told. */
export const evaluateReferences = (context: StackContext, facts: ReferenceFacts): readonly DoctorFinding[] => {
  const clusterSecretId = clusterSecretIdOf(context);
  const channels = Object.entries(endpointsInUse(context)).flatMap(([name, endpoint]): readonly DoctorFinding[] => {
    const subject = `channel ${name}`;
    const isAtRunTime = isReadAtRunTime(endpoint);
    return withContent(subject, placeFinding(subject, endpoint, isAtRunTime, facts), facts.problemsByEndpoint[name]);
  });
  const { heartbeat } = context.configuration.channels;
  const watcher = heartbeat && facts.parameterByName[heartbeat.parameter];
  const ofCluster = clusterSecretId === undefined ? undefined : facts.secretById[clusterSecretId];
  return [
    ...channels,
    ...(heartbeat === undefined || watcher === undefined
      ? []
      : withContent(
          'heartbeat',
          parameterFinding('heartbeat', heartbeat.parameter, true, watcher),
          facts.heartbeatProblems,
        )),
    ...(clusterSecretId === undefined || ofCluster === undefined
      ? []
      : [secretFinding('authentication', clusterSecretId, ofCluster), ...scramFinding(clusterSecretId, facts)]),
  ];
};

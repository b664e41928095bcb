import type { Answered } from '../../shared/core/known.ts';
import { durableAlias } from '../../shared/deployment/names.ts';
import type { DeployedFunction } from '../account/functions.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'stack';

/** By function name, of a durable one by `name:durable` too; undefined where Lambda has none of that name. */
export type StackFacts = Readonly<Record<string, Answered<DeployedFunction | undefined>>>;

/** `unknown` where Lambda did not answer: what needs the stack is asked all the same. */
export type Deployment = 'absent' | 'deployed' | 'unknown';

/** Whether there is a stack at all: it is told by its functions, which a deploy makes under fixed names. */
export const evaluateDeployment = (facts: StackFacts): Deployment => {
  const all = Object.values(facts);
  if (all.some((one) => one.isKnown && one.value !== undefined)) return 'deployed';
  return all.every((one) => one.isKnown) ? 'absent' : 'unknown';
};

const functionFinding = (
  clusterKey: string,
  subject: string,
  fetched: Answered<DeployedFunction | undefined>,
): DoctorFinding => {
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const advice = 'package and deploy again; the stack’s events in CloudFormation tell what went wrong';
  if (fetched.value === undefined)
    return { check, subject, status: 'failed', message: 'is missing, while others of the stack are there', advice };
  const { state, lastUpdateStatus, environment, isDurable } = fetched.value;
  if (subject.endsWith(`:${durableAlias}`) && !isDurable)
    return {
      check,
      subject,
      status: 'failed',
      message: 'is no durable function: nothing that waits can be started',
      advice:
        'remove the function and deploy again: Lambda makes a function durable when it is created, and never after',
    };
  if (state === 'Failed' || lastUpdateStatus === 'Failed')
    return { check, subject, status: 'failed', message: `is ${state}, its last update ${lastUpdateStatus}`, advice };
  const cluster = environment.MSKEEPER_CLUSTER;
  if (cluster !== clusterKey)
    return { check, subject, status: 'failed', message: `keeps the cluster "${cluster}", not "${clusterKey}"`, advice };
  if (state !== 'Active' || lastUpdateStatus !== 'Successful')
    return {
      check,
      subject,
      status: 'warning',
      message: `is ${state}, its last update ${lastUpdateStatus}`,
      advice: 'wait a minute and ask again',
    };
  return { check, subject, status: 'ok', message: 'is deployed' };
};

/** Whether every function of this release is deployed for this cluster. */
export const evaluateStack = (clusterKey: string, facts: StackFacts): readonly DoctorFinding[] =>
  evaluateDeployment(facts) === 'absent'
    ? [{ check, subject: 'stack', status: 'skipped', message: 'is not deployed yet: what needs it is left out' }]
    : Object.entries(facts).map(([name, fetched]) => functionFinding(clusterKey, `function ${name}`, fetched));

/** Lambda's own word for a function that is not there: it knows the operation. */
const isOffered = (fetched: Answered<void>): boolean =>
  fetched.isKnown || fetched.facts.errorName === 'ResourceNotFoundException';

/** How a service refuses an operation that it does not have, by name of the error; HTTP APIs answer so in several ways. */
const unknownOperation: readonly string[] = [
  'UnknownOperationException',
  'UnknownOperation',
  'InvalidAction',
  'MissingAuthenticationTokenException',
  'NotImplemented',
];

/**
 * Whether Lambda offers durable functions in the Region. Assumed, since no document says how a Region without them
 * answers: with an error that names no resource but the operation.
 */
export const evaluateDurable = (region: string, fetched: Answered<void>): DoctorFinding => {
  const subject = `Lambda in ${region}`;
  if (isOffered(fetched))
    return { check: 'durable-functions', subject, status: 'ok', message: 'knows durable functions' };
  if (!fetched.isKnown && unknownOperation.includes(fetched.facts.errorName ?? ''))
    return {
      check: 'durable-functions',
      subject,
      status: 'failed',
      message: `does not know ListDurableExecutionsByFunction (${fetched.facts.errorName}): procedures that wait cannot be deployed`,
      advice: 'look whether the Region offers Lambda durable functions; until then leave these procedures off',
    };
  return !fetched.isKnown
    ? unknownFinding('durable-functions', subject, fetched)
    : { check: 'durable-functions', subject, status: 'ok', message: 'knows durable functions' };
};

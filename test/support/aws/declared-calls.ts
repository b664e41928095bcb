import { type ChosenNames, createResolve, type Resolve } from '../../../cli/doctor/template-names.ts';
import { stackContextOf } from '../../../infra/stack/context.ts';
import { whereOf } from '../../../infra/stack/permissions.ts';
import { buildStack } from '../../../infra/stack/stack.ts';
import type { RecordedCall } from '../../../local/aws/call-log.ts';
import { matchesAction, matchesArn } from '../../../local/aws/iam/wildcard.ts';
import type { Permission } from '../../../local/aws/service.ts';
import type { Stack } from '../../../local/aws/template/create-stack.ts';
import type { Configuration } from '../../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../../shared/deployment/function-definition.ts';
import { bucketLogicalId, roleNameOf, type StackContext, topicKeyLogicalId } from '../../../shared/deployment/names.ts';
import { operationOf } from '../../../shared/deployment/operations.ts';

/**
 * An account that saw functions run: the stack that stands in it, what the names of its template are there, and every
 * call that anybody made.
 */
export type Witness = {
  readonly context: StackContext;
  /** `Ref`, `Fn::GetAtt` and `Fn::Join` as names; undefined for what the account has not. */
  readonly resolve: Resolve;
  readonly calls: readonly Pick<RecordedCall, 'service' | 'operation' | 'roleName' | 'permissions' | 'outcome'>[];
};

type SeenCall = Witness['calls'][number];

/** The names that the account chose for what the template leaves open. */
export const chosenNamesOf = ({ resources }: Stack): ChosenNames => {
  const bucketName = resources.get(bucketLogicalId)?.ref;
  const topicKeyArn = resources.get(topicKeyLogicalId)?.attributes.Arn;
  return { ...(bucketName !== undefined && { bucketName }), ...(topicKeyArn !== undefined && { topicKeyArn }) };
};

/**
 * A stack's account as a witness.
 *
 * @param configuration what the stack was packaged with: its roles are of it
 * @param calls the account's log; what comes into it later was seen, too
 */
export const witnessOf = (
  { configuration, clusterKey }: { readonly configuration: Configuration; readonly clusterKey: string },
  chosen: ChosenNames,
  calls: Witness['calls'],
): Witness => {
  const context = stackContextOf(configuration, clusterKey);
  return { context, resolve: createResolve(context, buildStack(configuration, clusterKey).resources, chosen), calls };
};

const signedName = ({ service, operation }: SeenCall): string => `${service}:${operation}`;

/**
 * Whether a call is that row's: the same operation, and nothing asked of IAM that the row's own grants do not hold. One that
 * was cut off before IAM was asked is judged by its name.
 */
const isOfRow = (call: SeenCall, name: string, definition: FunctionDefinition, witness: Witness): boolean => {
  const operation = operationOf(name);
  if (operation.signedAs !== signedName(call)) return false;
  const granted = operation.grants(whereOf(witness.context, definition)).map(({ actions, resources }) => ({
    actions,
    arns: resources.map((resource) => witness.resolve(resource)).filter((arn) => arn !== undefined),
  }));
  return call.permissions.every(({ action, resource }) =>
    granted.some(
      ({ actions, arns }) =>
        actions.some((one) => matchesAction(one, action)) && arns.some((arn) => matchesArn(arn, resource)),
    ),
  );
};

/** By which Lambda itself empties a function's own queue, with the function's role: no code of ours makes them. */
const callsOfLambda: readonly string[] = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const ownCalls = ({ slug, queue }: FunctionDefinition, { context, calls }: Witness): readonly SeenCall[] =>
  calls.filter(
    (call) =>
      call.roleName === roleNameOf(context, slug) && (queue === undefined || !callsOfLambda.includes(signedName(call))),
  );

/**
 * Calls that a function declares and that nobody saw it make: by its own role, on that row's own resource, and with
 * success. A call that was refused or that failed proves nothing about what the role needs.
 */
export const unseenCalls = (definition: FunctionDefinition, witnesses: readonly Witness[]): readonly string[] =>
  Object.keys(definition.calls).filter(
    (name) =>
      !witnesses.some((witness) =>
        ownCalls(definition, witness).some((call) => call.outcome === 'ok' && isOfRow(call, name, definition, witness)),
      ),
  );

const askedFor = (permissions: readonly Permission[]): string =>
  permissions.map(({ action, resource }) => `${action} on ${resource}`).join(', ') || 'nothing';

/** Calls that a function made or tried and that are no row of its own, each once, with what it asked of IAM. */
export const undeclaredCalls = (definition: FunctionDefinition, witnesses: readonly Witness[]): readonly string[] => [
  ...new Set(
    witnesses.flatMap((witness) =>
      ownCalls(definition, witness)
        .filter((call) => !Object.keys(definition.calls).some((name) => isOfRow(call, name, definition, witness)))
        .map((call) => `${signedName(call)}: ${askedFor(call.permissions)}`),
    ),
  ),
];

import * as IamClient from '@aws-sdk/client-iam';
import { documentOf } from '../../iam/policy.ts';
import { pageOf } from '../../page.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { type SimulatedPrincipal, simulateAction } from './simulation.ts';

/** IAM's API, as far as it is asked what a principal may do. */
export type IamApi = {
  /** The organization lets nobody do these actions (`sns:Publish`, `kafka:*`), as the simulator tells it. */
  stopInOrganization(actions: readonly string[]): void;
};

/** Adds IAM's API to the world. The roles are those of its templates. */
export function createIamApi(world: AwsWorld): IamApi {
  const stoppedActions: string[] = [];
  const adminArn = world.identities.keyOf(world.identities.admin.accessKeyId).caller.principalArn;
  const notFound = (what: string) => new AwsError('NoSuchEntityException', 404, `The ${what} cannot be found.`);
  const findPrincipal = (arn: string): SimulatedPrincipal => {
    if (arn === adminArn) return { arn, policies: undefined };
    const role = world.identities.role(arn);
    // A session's ARN is none that the simulator takes.
    if (role !== undefined && role.arn === arn) return { arn, policies: role.policies };
    throw notFound(`entity ${arn}`);
  };
  const roleArnOf = (name: string): string => `arn:aws:iam::${world.accountId}:role/${name}`;

  world.addService({
    signingName: 'iam',
    protocol: 'query',
    clientModule: IamClient,
    operations: {
      GetRole: {
        authorize: ({ RoleName = '' }: IamClient.GetRoleCommandInput) => [
          { action: 'iam:GetRole', resource: roleArnOf(RoleName) },
        ],
        run: ({ RoleName = '' }: IamClient.GetRoleCommandInput) => {
          const role = world.identities.role(RoleName);
          if (role === undefined) throw notFound(`role with name ${RoleName}`);
          return {
            Role: {
              Path: '/',
              RoleName: role.name,
              RoleId: `AROA${Buffer.from(role.name).toString('hex').slice(0, 17).toUpperCase()}`,
              Arn: role.arn,
              CreateDate: new Date(world.clock.nowMs()),
              AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(documentOf(role.trust))),
            },
          };
        },
      },
      SimulatePrincipalPolicy: {
        authorize: ({ PolicySourceArn = '' }: IamClient.SimulatePrincipalPolicyCommandInput) => [
          { action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn },
        ],
        run: (input: IamClient.SimulatePrincipalPolicyCommandInput) => {
          const actions = input.ActionNames ?? [];
          const wrong = actions.find((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action));
          if (wrong !== undefined || actions.length === 0)
            throw new AwsError('InvalidInputException', 400, `Invalid Action Name ${wrong ?? ''}`);
          const principal = findPrincipal(input.PolicySourceArn ?? '');
          const { items, nextToken } = pageOf(actions, {
            list: 'simulation',
            pageSize: input.MaxItems ?? 100,
            token: input.Marker,
            badTokenCode: 'InvalidInputException',
          });
          return {
            EvaluationResults: items.map((action) =>
              simulateAction(principal, {
                action,
                resourceArns: input.ResourceArns ?? [],
                contextEntries: input.ContextEntries ?? [],
                stoppedActions,
              }),
            ),
            IsTruncated: nextToken !== undefined,
            ...(nextToken !== undefined && { Marker: nextToken }),
          };
        },
      },
    },
  });
  return { stopInOrganization: (actions) => void stoppedActions.push(...actions) };
}

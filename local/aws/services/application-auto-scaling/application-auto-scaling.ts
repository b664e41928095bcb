import * as AutoScaling from '@aws-sdk/client-application-auto-scaling';
import { pageOf } from '../../page.ts';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Application Auto Scaling as a reader sees it: what a drill or a test has set. Nothing here scales by itself. */
export type ApplicationAutoScaling = {
  /** Replaces the one of the same service, resource and dimension. */
  putTarget(target: AutoScaling.ScalableTarget): void;
  /** Replaces the one of the same name at the same service, resource and dimension. */
  putPolicy(policy: AutoScaling.ScalingPolicy): void;
  /** Targets and policies of a resource, as the user's own clean-up would. */
  remove(resourceId: string): void;
};

type Scope = {
  readonly ServiceNamespace?: AutoScaling.ServiceNamespace | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: AutoScaling.ScalableDimension | undefined;
};

/** Adds the service to the world, empty. */
export function createApplicationAutoScaling(world: AwsWorld): ApplicationAutoScaling {
  const targets = new Map<string, AutoScaling.ScalableTarget>();
  const policies = new Map<string, AutoScaling.ScalingPolicy>();
  world.addService({
    signingName: 'application-autoscaling',
    protocol: 'aws-json-1.1',
    clientModule: AutoScaling,
    operations: {
      DescribeScalableTargets: reading(
        'DescribeScalableTargets',
        (input: AutoScaling.DescribeScalableTargetsCommandInput) => {
          const wanted = [...targets.values()].filter(
            (target) => isWithin(input, target) && (input.ResourceIds?.includes(target.ResourceId ?? '') ?? true),
          );
          const { items, nextToken } = page(wanted, 'targets', input);
          return { ScalableTargets: items, NextToken: nextToken };
        },
      ),
      DescribeScalingPolicies: reading(
        'DescribeScalingPolicies',
        (input: AutoScaling.DescribeScalingPoliciesCommandInput) => {
          const wanted = [...policies.values()].filter(
            (policy) =>
              isWithin(input, policy) &&
              (input.ResourceId ?? policy.ResourceId) === policy.ResourceId &&
              (input.PolicyNames?.includes(policy.PolicyName ?? '') ?? true),
          );
          const { items, nextToken } = page(wanted, 'policies', input);
          return { ScalingPolicies: items, NextToken: nextToken };
        },
      ),
    },
  });
  return {
    putTarget: (target) => void targets.set(keyOf(target), target),
    putPolicy: (policy) => void policies.set(`${keyOf(policy)} ${policy.PolicyName}`, policy),
    remove: (resourceId) => {
      for (const [key, { ResourceId }] of targets) if (ResourceId === resourceId) targets.delete(key);
      for (const [key, { ResourceId }] of policies) if (ResourceId === resourceId) policies.delete(key);
    },
  };
}

/** Both reads are authorised without a resource. Source: Service Authorization Reference, Application Auto Scaling. */
const reading = <Input extends Scope>(operation: string, run: (input: Input) => unknown): OperationHandler<Input> => ({
  authorize: () => [{ action: `application-autoscaling:${operation}`, resource: '*' }],
  run: (input) => {
    const { ServiceNamespace, ScalableDimension } = input;
    if (ServiceNamespace === undefined || !namespaces.includes(ServiceNamespace))
      throw refusal(`Unsupported service namespace: ${ServiceNamespace}`);
    if (ScalableDimension !== undefined && !ScalableDimension.startsWith(`${ServiceNamespace}:`))
      throw refusal(`Unsupported service namespace, resource type or scalable dimension: ${ScalableDimension}`);
    return run(input);
  },
});

const namespaces: readonly string[] = Object.values(AutoScaling.ServiceNamespace);

const isWithin = (scope: Scope, found: Scope): boolean =>
  scope.ServiceNamespace === found.ServiceNamespace &&
  (scope.ScalableDimension ?? found.ScalableDimension) === found.ScalableDimension;

const keyOf = ({ ServiceNamespace, ResourceId, ScalableDimension }: Scope): string =>
  [ServiceNamespace, ResourceId, ScalableDimension].join(' ');

/** At most 50 a page for targets; policies may be fewer on AWS, so that a reader must page either way. */
const page = <Item>(
  items: readonly Item[],
  list: string,
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
) =>
  pageOf(items, {
    list,
    pageSize: Math.min(MaxResults ?? 50, 50),
    token: NextToken,
    badTokenCode: 'InvalidNextTokenException',
  });

const refusal = (message: string): AwsError => new AwsError('ValidationException', 400, message);

import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import * as z from 'zod';
import type { CallScope } from '../run/call-scope.ts';
import { fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';

/** A client of Application Auto Scaling in the function's own region, with our time limits (client.ts). */
export const createAutoScalingClient = (): ApplicationAutoScalingClient => createClient(ApplicationAutoScalingClient);

/** MSK's broker storage in Application Auto Scaling; the resource id is the cluster's ARN. */
const brokerStorage = { ServiceNamespace: 'kafka', ScalableDimension: 'kafka:broker-storage:VolumeSize' } as const;

/** Whatever can be read of it: each entry is a hand on the volumes. */
const targetsAnswer = z.object({
  ScalableTargets: z.array(z.unknown()).default([]),
  NextToken: z.string().optional(),
});

const policyName = z.object({ PolicyName: z.string().min(1) }).transform(({ PolicyName }) => PolicyName);
const policiesAnswer = z.object({
  ScalingPolicies: z.array(policyName.catch('a policy without a name')).default([]),
  NextToken: z.string().optional(),
});

/** Who else may enlarge the volumes of a cluster: scalable targets, and policies by name. None of both is nobody. */
export type StorageAutoScaling = { readonly targetCount: number; readonly policyNames: readonly string[] };

/**
 * MSK's built-in storage auto scaling on one cluster. Source: DescribeScalableTargets, DescribeScalingPolicies.
 *
 * @throws DependencyError naming `application-autoscaling:DescribeScalableTargets` or `…DescribeScalingPolicies`
 */
export async function fetchStorageAutoScaling(
  client: ApplicationAutoScalingClient,
  calls: CallScope,
  clusterArn: string,
): Promise<StorageAutoScaling> {
  const targetsCall = 'application-autoscaling:DescribeScalableTargets';
  const policiesCall = 'application-autoscaling:DescribeScalingPolicies';
  const [targets, policies] = await Promise.all([
    fetchAllPages(targetsCall, async (NextToken) => {
      const command = new DescribeScalableTargetsCommand({ ...brokerStorage, ResourceIds: [clusterArn], NextToken });
      const answer = await callAws(calls, targetsCall, (options) => client.send(command, options));
      const { ScalableTargets: items, NextToken: nextToken } = parseAnswer(targetsCall, targetsAnswer, answer);
      return { items, nextToken };
    }),
    fetchAllPages(policiesCall, async (NextToken) => {
      const command = new DescribeScalingPoliciesCommand({ ...brokerStorage, ResourceId: clusterArn, NextToken });
      const answer = await callAws(calls, policiesCall, (options) => client.send(command, options));
      const { ScalingPolicies: items, NextToken: nextToken } = parseAnswer(policiesCall, policiesAnswer, answer);
      return { items, nextToken };
    }),
  ]);
  return { targetCount: targets.length, policyNames: policies };
}

import * as CloudFormationClient from '@aws-sdk/client-cloudformation';
import type { AwsWorld } from '../../world.ts';
import type { S3 } from '../s3/s3.ts';
import { changeSetOperations } from './change-sets.ts';
import { stackOperations } from './stack-operations.ts';
import { createStackStore } from './stack-store.ts';

/** CloudFormation's API: stacks that come by it, and those that the local world made by itself. */
export type CloudFormation = {
  /** A stack that was made. */
  add(stackName: string): void;
  isProtected(stackName: string): boolean;
  /** @throws AwsError where there is none of this name */
  templateOf(stackName: string): string;
  has(stackName: string): boolean;
  /** Names of those that nobody has deleted. */
  changeSets(): readonly string[];
};

/**
 * Adds CloudFormation to the world. What its handlers call in the deployer's name is not judged here: that is held against the
 * handlers' own lists (test/unit/cli/doctor/deployer-handlers.test.ts).
 */
export function createCloudFormation(world: AwsWorld, s3: S3): CloudFormation {
  const arnOf = (name: string): string =>
    `arn:aws:cloudformation:${world.region}:${world.accountId}:stack/${name}/local`;
  const store = createStackStore(arnOf, () => new Date(world.clock.nowMs()));
  const parts = { world, store, s3, arnOf };
  const changeSets = changeSetOperations(parts);
  world.addService({
    signingName: 'cloudformation',
    protocol: 'query',
    clientModule: CloudFormationClient,
    operations: { ...stackOperations(parts), ...changeSets.operations },
  });
  return {
    add: (name) => void store.add(name),
    isProtected: (name) => store.find(name).isProtected,
    templateOf: (name) => store.find(name).template,
    has: store.has,
    changeSets: changeSets.names,
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { callAws } from '../../shared/aws/call.ts';
import { createClient } from '../../shared/aws/client.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import { ask } from '../../shared/core/known.ts';
import { partitionOfRegion } from '../../shared/core/partitions.ts';
import { openCallScope } from '../../shared/run/call-scope.ts';
import { templateFileName } from '../packaging/package-stack.ts';
import { fetchProtection } from '../stack-protection.ts';
import { cleaningMs, fetchPlannedChanges } from './change-set.ts';
import { describeChanges } from './changes.ts';

/** What of the packaged stack a dry run must know, as packaging left it. */
export type DryRunStack = {
  readonly region: string;
  readonly stage: string;
  readonly stackName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly deploymentBucket: { readonly sseKMSKeyId?: string | undefined };
};

/** CloudFormation takes minutes for a change set of hundreds of resources. */
const longestMs = 600_000;

/** As osls tags a stack when it deploys: its own STAGE, unless a tag is called so. */
const tagsOf = ({ stage, tags }: DryRunStack) => {
  const hasOwn = Object.keys(tags).some((key) => key.toLowerCase() === 'stage');
  return Object.entries({ ...(!hasOwn && { STAGE: stage }), ...tags }).map(([Key, Value]) => ({ Key, Value }));
};

/** Where osls keeps the bundles of a stack: what lies under it goes when the stack is removed. */
const keyOf = ({ stage }: DryRunStack, name: string): string => `serverless/mskeeper/${stage}/${name}.json`;

const fetchBucketName = async (client: CloudFormationClient, stackName: string): Promise<string> => {
  const command = new DescribeStackResourceCommand({
    StackName: stackName,
    LogicalResourceId: 'ServerlessDeploymentBucket',
  });
  const { StackResourceDetail: found } = await callAws(
    openCallScope(AbortSignal.timeout(longestMs)),
    'cloudformation:DescribeStackResource',
    (options) => client.send(command, options),
  );
  if (found?.PhysicalResourceId === undefined) throw new ConfigError(`${stackName} has no bucket of bundles`);
  return found.PhysicalResourceId;
};

/**
 * What a deploy of a package would do to its stack. The template goes into the bucket of bundles, since it is larger than a
 * request may be, and is deleted there with the change set.
 *
 * @param tellLeft told of what could not be deleted again
 * @returns lines for a person
 * @throws DependencyError naming the call
 */
export const dryRun = async (
  stack: DryRunStack,
  folder: string,
  tellLeft: (line: string) => void,
): Promise<readonly string[]> => {
  const { region, stackName } = stack;
  const template = readFileSync(join(folder, templateFileName), 'utf8');
  const client = createClient(CloudFormationClient, { region });
  const calls = openCallScope(AbortSignal.timeout(longestMs));
  if ((await fetchProtection(client, calls, stackName)) === undefined)
    return [`${stackName}: there is no such stack yet. A deploy makes all of it; nothing can be replaced or deleted.`];
  const Bucket = await fetchBucketName(client, stackName);
  const changeSetName = `mskeeper-dry-run-${Date.now()}`;
  const Key = keyOf(stack, changeSetName);
  const s3 = createClient(S3Client, { region });
  const { sseKMSKeyId } = stack.deploymentBucket;
  const put = new PutObjectCommand({
    Bucket,
    Key,
    Body: template,
    ContentType: 'application/json',
    ...(sseKMSKeyId !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: sseKMSKeyId }),
  });
  const { VersionId } = await callAws(calls, 's3:PutObject', (options) => s3.send(put, options));
  try {
    const templateUrl = `https://${Bucket}.s3.${region}.${partitionOfRegion(region).dnsSuffix}/${Key}`;
    const request = { stackName, changeSetName, templateUrl, tags: tagsOf(stack) };
    return describeChanges(stackName, await fetchPlannedChanges(client, calls, request, tellLeft));
  } finally {
    const remove = new DeleteObjectCommand({ Bucket, Key, ...(VersionId !== undefined && { VersionId }) });
    const gone = await ask(() =>
      callAws(openCallScope(AbortSignal.timeout(cleaningMs)), 's3:DeleteObject', (options) => s3.send(remove, options)),
    );
    if (!gone.isKnown) tellLeft(`a template is left in ${Bucket} as ${Key} (${gone.why})`);
  }
};

import { S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { createClient } from '../../../shared/aws/client.ts';
import type { Store } from '../../../shared/aws/store.ts';
import { statePrefix } from '../../../shared/core/store-keys.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import type { serveAws } from '../aws/aws.ts';
import { createResource } from '../aws/aws-resource.ts';

/**
 * cluster-health's part of a bucket that is made here, over HTTP, by the client of the product with its retries. Sets the
 * environment by which that client finds the stand-in.
 *
 * @param requestMs a busy machine answers late
 */
export const openStateStore = async (
  aws: ReturnType<typeof serveAws>,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  requestMs: number,
): Promise<Store> => {
  await createResource(aws.world, 'AWS::S3::Bucket', { BucketName: 'reports' });
  const { endpoint, region } = aws.client();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
  return {
    client: createClient(S3Client, { requestMs }),
    calls: openCallScope(new AbortController().signal),
    bucket: 'reports',
    prefixes: [statePrefix('cluster-health')],
  };
};

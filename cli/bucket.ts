import { LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError } from '../infra/command-line.ts';
import { DependencyError } from '../shared/core/errors.ts';
import { functionNameOf } from '../shared/deployment/names.ts';
import { fetchFunction } from './account/functions.ts';
import type { Target } from './target.ts';

/** The function whose environment names the bucket: every stack has it, and it may change nothing. */
const witness = 'cluster-health';

/**
 * The stack's bucket: the given name, else what the deployed functions write to.
 *
 * @throws UsageError where the stack is not deployed; DependencyError `denied` …
 */
export const fetchBucketName = async ({ context, calls, clientOf }: Target, given?: string): Promise<string> => {
  if (given !== undefined) return given;
  const name = functionNameOf(context, witness);
  try {
    const bucket = (await fetchFunction(clientOf(LambdaClient), calls, name)).environment.MSKEEPER_BUCKET;
    if (bucket !== undefined) return bucket;
  } catch (error) {
    if (!(error instanceof DependencyError) || error.failure !== 'not-found') throw error;
  }
  throw new UsageError(`${name} is not deployed or names no bucket; name the bucket with --bucket`);
};

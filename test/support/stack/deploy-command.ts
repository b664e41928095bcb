import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { projectRoot, stackEnvironment } from '../../../infra/packaging/package-stack.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';

type Stack = Readonly<Record<string, unknown>>;
/** Where an account's stand-in listens, and with whose credentials it is asked. */
type Account = { readonly client: () => { readonly endpoint: string; readonly credentials: Credentials } };

/**
 * What packaging leaves of a stack that nobody packaged, for the command that deploys; gone with the test file.
 *
 * @param more what of the stack's file is another than a stack without functions has
 */
export const useDeployCommand = (clusterKey: string, more: Stack) => {
  const stackFile = join(projectRoot, stackEnvironment(clusterKey).MSKEEPER_STACK_FILE);
  const stack: Stack = {
    region: 'eu-west-1',
    stage: clusterKey,
    stackName: `mskeeper-${clusterKey}`,
    tags: {},
    deploymentBucket: {},
    terminationProtection: false,
    functions: {},
    ...more,
  };
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mskeeper-deploy-'));
    const state = { service: { provider: { stage: clusterKey } } };
    await writeFile(join(folder, 'serverless-state.json'), JSON.stringify(state));
    await mkdir(dirname(stackFile), { recursive: true });
    await writeFile(stackFile, JSON.stringify(stack));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(dirname(stackFile), { recursive: true, force: true });
  });
  return {
    stack,
    /** Another file of the stack than packaging leaves now. */
    write: (other: Stack) => writeFile(stackFile, JSON.stringify(other)),
    run: (
      { client }: Account,
      ...args: readonly string[]
    ): Promise<{ readonly code: unknown; readonly stderr: string }> =>
      new Promise((resolve) => {
        const { endpoint, credentials } = client();
        const env = {
          AWS_ENDPOINT_URL: endpoint,
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken,
        };
        const program = join(projectRoot, 'infra/deploy.ts');
        execFile(process.execPath, [program, ...args, '--package', folder], { env }, (error, _stdout, stderr) =>
          resolve({ code: error?.code ?? 0, stderr }),
        );
      }),
  };
};

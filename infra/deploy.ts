import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { createClient } from '../shared/aws/client.ts';
import { ConfigError } from '../shared/core/errors.ts';
import { ask } from '../shared/core/known.ts';
import { createDurableClient, fetchRunningRuns } from '../shared/durable/start.ts';
import { openCallScope } from '../shared/run/call-scope.ts';
import { listIssues } from '../shared/text/issues.ts';
import { runCommand, UsageError } from './command-line.ts';
import { dryRun } from './dry-run/dry-run.ts';
import { projectRoot, serverlessProgram, stackEnvironment } from './packaging/package-stack.ts';
import { refuseLockedOut } from './retention-change.ts';
import { describeRunning } from './running-runs.ts';
import { fetchProtection, protectStack } from './stack-protection.ts';
import { print } from './terminal/print.ts';

const help = `Deploys what was packaged, or removes it. Uses the AWS credentials of the environment.

  npm run deploy                         what lies in .serverless/
  npm run deploy -- --package <folder>   what lies there (npm run package -- --all: .serverless/<cluster>)
  npm run deploy -- --dry-run            asks CloudFormation what that would replace and delete, and changes nothing
  npm run deploy -- --remove             removes that stack; its report bucket stays
  --help
`;

/** The cluster key that a package was made for: osls calls it the stage. */
const clusterKeyOf = (folder: string): string => {
  const path = join(folder, 'serverless-state.json');
  if (!existsSync(path)) throw new ConfigError(`${folder} holds no package: run npm run package first`);
  const state: { service?: { provider?: { stage?: unknown } } } = JSON.parse(readFileSync(path, 'utf8'));
  const stage = state.service?.provider?.stage;
  if (typeof stage !== 'string') throw new ConfigError(`${path} does not say what it was made for: package again`);
  return stage;
};

const stackSchema = z.object({
  region: z.string(),
  stage: z.string(),
  stackName: z.string(),
  tags: z.record(z.string(), z.string()),
  deploymentBucket: z.looseObject({ sseKMSKeyId: z.string().optional() }),
  terminationProtection: z.boolean(),
  functions: z.record(
    z.string(),
    z.looseObject({ name: z.string(), environment: z.record(z.string(), z.unknown()).optional() }),
  ),
});

/** The stack that a package is for, as packaging left it: another release may have left less. */
const readStack = (path: string): z.infer<typeof stackSchema> => {
  const name = relative(projectRoot, path);
  if (!existsSync(path)) throw new ConfigError(`${name} is gone: package again`);
  const read = stackSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw new ConfigError(
    `${name} is not as this release leaves it (${listIssues(read.error.issues).join('; ')}): package again`,
  );
};

/** As long as CloudFormation's own answers take, with the SDK's repeats. */
const longestMs = 60_000;

/** osls empties the bucket of bundles before it asks CloudFormation, which then refuses: so it is asked first. */
const refuseProtected = async (
  client: CloudFormationClient,
  { stackName, region }: z.infer<typeof stackSchema>,
): Promise<void> => {
  if ((await fetchProtection(client, openCallScope(AbortSignal.timeout(longestMs)), stackName)) !== true) return;
  throw new ConfigError(
    `the stack ${stackName} is protected from termination, and nothing was removed. Where it is to go: aws cloudformation ` +
      `update-termination-protection --no-enable-termination-protection --stack-name ${stackName} --region ${region}`,
  );
};

const durableOf = ({ functions }: z.infer<typeof stackSchema>) =>
  Object.values(functions).filter(({ durableConfig }) => durableConfig !== undefined);

/** A run under way that could not write its record any more is asked for before anything is deployed. */
const refuseRetentionChange = async (stack: z.infer<typeof stackSchema>): Promise<void> => {
  const packaged = durableOf(stack).map(({ name, environment = {} }) => {
    const retention = environment.MSKEEPER_AUDIT_RETENTION;
    return { functionName: name, retention: typeof retention === 'string' ? retention : undefined };
  });
  await refuseLockedOut(
    createDurableClient(stack.region),
    () => openCallScope(AbortSignal.timeout(longestMs)),
    packaged,
  );
};

/** A deploy moves no run that is under way: who deployed a stricter mode must know of those. */
const tellRunning = async (stack: z.infer<typeof stackSchema>): Promise<void> => {
  const client = createDurableClient(stack.region);
  for (const { name } of durableOf(stack)) {
    const runs = await ask(() => fetchRunningRuns(client, openCallScope(AbortSignal.timeout(longestMs)), name));
    for (const line of describeRunning(name, runs.isKnown ? runs.value : runs.why)) print(`${line}\n`);
  }
};

type Given = { readonly package: string; readonly remove: boolean; readonly 'dry-run': boolean };

const deploy = async (given: Given): Promise<number> => {
  if (given.remove && given['dry-run']) throw new UsageError('--remove and --dry-run exclude each other');
  const folder = resolve(given.package);
  const environment = stackEnvironment(clusterKeyOf(folder));
  const stack = readStack(join(projectRoot, environment.MSKEEPER_STACK_FILE));
  if (given['dry-run']) {
    const say = (line: string) => print(`${line}\n`);
    (await dryRun(stack, folder, say)).forEach(say);
    return 0;
  }
  const client = createClient(CloudFormationClient, { region: stack.region });
  await (given.remove ? refuseProtected(client, stack) : refuseRetentionChange(stack));
  const args = given.remove ? ['remove'] : ['deploy', '--package', relative(projectRoot, folder)];
  const { status, error } = spawnSync(process.execPath, [serverlessProgram, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  if (status === 0 && !given.remove && stack.terminationProtection) {
    await protectStack(client, openCallScope(AbortSignal.timeout(longestMs)), stack.stackName);
    print(`${stack.stackName} is protected from termination.\n`);
  }
  if (status === 0 && !given.remove) await tellRunning(stack);
  return status ?? 1;
};

await runCommand({
  help,
  options: {
    package: { type: 'string', default: join(projectRoot, '.serverless') },
    'dry-run': { type: 'boolean', default: false },
    remove: { type: 'boolean', default: false },
  },
  run: ({ values }) => deploy(values),
});

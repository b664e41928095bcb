import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverlessProgram, templateFileName } from '../../../infra/packaging/package-stack.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { realClock } from '../../../local/clock.ts';
import { copyProject, type ProjectCopy, type ScriptResult } from '../../support/aws/project-copy.ts';
import { smallFile } from '../../support/configuration.ts';
import { deployerStatements } from '../../support/stack/deployer-statements.ts';

const stackName = 'mskeeper-orders';
/** Not ours: osls brings it. */
const clientOfOsls = '@aws-sdk/client-ecr';
/** One of them takes the place of osls' own STAGE. */
const tags = 'stack: { tags: { stage: live, CostCenter: "4711" } }\n';
let project: ProjectCopy;
let standIn: StandIn;
let scratch = '';

beforeAll(async () => {
  project = await copyProject();
  scratch = await mkdtemp(join(tmpdir(), 'mskeeper-deploy-'));
  await writeFile(join(project.path, 'mskeeper.yml'), smallFile({}, tags));
  const packaged = await project.run('infra/package.ts', ['--cluster', 'orders', '--output', 'package']);
  if (packaged.code !== 0) throw new Error(packaged.said);
  standIn = await startStandIn({
    clock: realClock(),
    accountId: '111122223333',
    region: 'eu-west-1',
    packageDirectory: join(project.path, 'package'),
    templateFileName,
    scratchDirectory: scratch,
  });
  // osls asks for it when it removes, and takes a denial for none.
  standIn.world.addService({
    signingName: 'ecr',
    protocol: 'aws-json-1.1',
    clientModule: createRequire(serverlessProgram)(clientOfOsls),
    operations: {
      DescribeRepositories: {
        authorize: () => [{ action: 'ecr:DescribeRepositories', resource: '*' }],
        run: () => ({ repositories: [] }),
      },
    },
  });
  const addRole = (name: string, Statement: readonly object[]) =>
    standIn.world.identities.addRole({
      name,
      policies: [parsePolicy({ Statement })],
      trust: parseTrustPolicy({ Statement: [] }),
    });
  addRole('release', deployerStatements);
  addRole('without-versions', [
    ...deployerStatements,
    { Effect: 'Deny', Action: 's3:DeleteObjectVersion', Resource: '*' },
  ]);
});
afterAll(async () => {
  await standIn?.close();
  await project?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** `npm run deploy` by whoever may do what the guide's table says, and nothing else. */
const deploy = (...args: readonly string[]): Promise<ScriptResult> => deployAs('release', ...args);
const deployAs = (role: string, ...args: readonly string[]): Promise<ScriptResult> => {
  const { accessKeyId, secretAccessKey, sessionToken } = standIn.world.identities.assumeRole(role, 'pipeline');
  return project.run('infra/deploy.ts', ['--package', 'package', ...args], {
    AWS_ENDPOINT_URL: standIn.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    SLS_AWS_MONITORING_FREQUENCY: '50',
  });
};
const callsSince = (from: number) =>
  standIn.world.calls.all.slice(from).map(({ service, operation, outcome }) => `${service}:${operation} ${outcome}`);
const deniedSince = (from: number) => callsSince(from).filter((call) => /Denied|Unauthorized|Authorization/.test(call));
const bucketOfBundles = () => standIn.s3.bucket(`${stackName}-serverlessdeploymentbucket-111122223333`);
const versionsIn = () => [...bucketOfBundles().versions.values()].flat();

test('a dry run before the first deploy says that there is nothing to lose', async () => {
  const { code, said } = await deploy('--dry-run');
  expect(said).toBe(
    `${stackName}: there is no such stack yet. A deploy makes all of it; nothing can be replaced or deleted.\n`,
  );
  expect(code).toBe(0);
});

test('a first deploy gets by with what the guide’s table lets do', async () => {
  const from = standIn.world.calls.all.length;
  const { code, said } = await deploy();
  expect([code, said]).toEqual([0, expect.stringContaining(`Service deployed to stack ${stackName}`)]);
  expect(said).not.toContain('unknown');
  expect(deniedSince(from)).toEqual([]);
  expect(standIn.lambda.functions.has(`${stackName}-cluster-health`)).toBe(true);
});

test('the same once more uploads nothing and leaves the stack alone', async () => {
  const from = standIn.world.calls.all.length;
  const { code, said } = await deploy();
  expect([code, said]).toEqual([0, expect.stringContaining('No changes to deploy')]);
  expect(callsSince(from).filter((call) => /PutObject|UpdateStack|CreateStack/.test(call))).toEqual([]);
});

test('a dry run of the same package says that nothing would change, and leaves nothing behind', async () => {
  const before = versionsIn().length;
  const { code, said } = await deploy('--dry-run');
  expect([code, said]).toEqual([0, `${stackName}: nothing would change.\n`]);
  expect(standIn.cloudFormation.changeSets()).toEqual([]);
  expect(versionsIn()).toHaveLength(before);
});

test('a dry run names what would be deleted and replaced, and changes nothing', async () => {
  const file = join(project.path, 'package', templateFileName);
  const text = await readFile(file, 'utf8');
  const template: { Resources: Record<string, { Properties: Record<string, unknown> }> } = JSON.parse(text);
  const { ApproverRole: _role, WarningTopic: warning, Bus: bus, ...others } = template.Resources;
  if (warning === undefined || bus === undefined) throw new Error('the template has other names');
  const { WarningTopicPolicy: _policy, ...resources } = others;
  resources.WarningTopic = { ...warning, Properties: { ...warning.Properties, TopicName: 'mskeeper-orders-other' } };
  resources.Bus = { ...bus, Properties: { ...bus.Properties, Description: 'another one' } };
  const deployed = standIn.cloudFormation.templateOf(stackName);
  const before = versionsIn().length;
  const from = standIn.world.calls.all.length;
  await writeFile(file, JSON.stringify({ ...template, Resources: resources }));
  const { code, said } = await deploy('--dry-run');
  await writeFile(file, text);
  expect(said.split('\n')).toEqual([
    expect.stringMatching(`^${stackName}: 2 would be deleted, replaced or let go:$`),
    '  WarningTopicPolicy (AWS::SNS::TopicPolicy) is deleted',
    '  WarningTopic (AWS::SNS::Topic) is replaced, the old one is deleted',
    '  changed in place: 1 Events::EventBus',
    '',
  ]);
  expect(code).toBe(0);
  expect(deniedSince(from)).toEqual([]);
  expect(standIn.cloudFormation.templateOf(stackName)).toBe(deployed);
  expect(standIn.cloudFormation.changeSets()).toEqual([]);
  expect(versionsIn()).toHaveLength(before);
});

test('without s3:DeleteObjectVersion a removal ends before anything is removed', async () => {
  const { code, said } = await deployAs('without-versions', '--remove');
  expect(code).not.toBe(0);
  expect(said).toContain('Could not empty the S3 deployment bucket');
  expect(standIn.cloudFormation.has(stackName)).toBe(true);
});

test('a removal gets by with it, too: the bucket of bundles is emptied version by version, and goes', async () => {
  expect(versionsIn().length).toBeGreaterThan(4);
  const from = standIn.world.calls.all.length;
  const { code, said } = await deploy('--remove');
  expect([code, said]).toEqual([0, expect.stringContaining('has been successfully removed')]);
  expect(deniedSince(from)).toEqual(['ecr:DescribeRepositories AccessDeniedException']);
  expect(standIn.cloudFormation.has(stackName)).toBe(false);
  expect(bucketOfBundles).toThrow('does not exist');
  expect(standIn.s3.bucket(`${stackName}-bucket-111122223333`).name).toContain('bucket');
});

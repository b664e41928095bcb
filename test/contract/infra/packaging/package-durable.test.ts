import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandsAlias } from '../../../../shared/core/incident-command.ts';
import type { Json, Resources } from '../../../../shared/deployment/template.ts';
import { smallFile } from '../../../support/configuration.ts';
import { at, listOf, shown } from '../../../unit/infra/stack/stack-under-test.ts';

const program = new URL('../../../../infra/package.ts', import.meta.url).pathname;

let folder = '';
let resourcesBy: Readonly<Record<'first' | 'second' | 'changed', Resources>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-versions-'));
  const packageOf = async (name: string, more = ''): Promise<Resources> => {
    // A cluster key of its own: packaging leaves a folder for each, and a person's must stay.
    const file = join(folder, `${name}.yml`);
    await writeFile(file, smallFile({ 'orders:': '  versions:' }, more));
    await promisify(execFile)(process.execPath, [program, '--configuration', file, '--output', join(folder, name)], {
      env: {},
    });
    const text = await readFile(join(folder, name, 'cloudformation-template-update-stack.json'), 'utf8');
    const template: { readonly Resources: Resources } = JSON.parse(text);
    return template.Resources;
  };
  resourcesBy = {
    first: await packageOf('first'),
    second: await packageOf('second'),
    changed: await packageOf('changed', 'modes: { storage-scaling: act }\n'),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const versionsIn = (resources: Resources) =>
  Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Version');
const run = 'StorageDashscalingDashrunLambdaFunction';

test('a durable function is created as one, with a version that CloudFormation never deletes and an alias on it', () => {
  const { first } = resourcesBy;
  expect(first[run]?.Properties.DurableConfig).toEqual({ ExecutionTimeout: 691_200, RetentionPeriodInDays: 30 });
  expect(shown(at(first[run]?.Properties, 'DeadLetterConfig', 'TargetArn'))).toBe('FailedRunsQueue');
  const versions = versionsIn(first);
  expect(
    versions.map(([, { Properties, DeletionPolicy }]) => [shown(Properties.FunctionName), DeletionPolicy]),
  ).toEqual([[run, 'Retain']]);
  const aliases = Object.values(first).filter(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Alias' && Properties.Name !== commandsAlias,
  );
  expect(aliases.map(({ Properties }) => [Properties.Name, shown(Properties.FunctionVersion)])).toEqual([
    ['durable', versions[0]?.[0]],
  ]);
});

test('what did not change is no new version; a changed setting is one, so that a run keeps what it began with', () => {
  const idsOf = (resources: Resources) => versionsIn(resources).map(([logicalId]) => logicalId);
  expect(idsOf(resourcesBy.second)).toEqual(idsOf(resourcesBy.first));
  expect(idsOf(resourcesBy.changed)).not.toEqual(idsOf(resourcesBy.first));
});

test('no rule and no resource policy invokes the run: its intake alone does, by its role', () => {
  const targets: Json[] = Object.values(resourcesBy.first)
    .filter(({ Type }) => Type === 'AWS::Lambda::Permission' || Type === 'AWS::Events::Rule')
    .flatMap(({ Properties }) => [Properties.FunctionName ?? null, ...listOf(Properties.Targets)]);
  expect(JSON.stringify(targets)).not.toContain(run);
});

test('osls grants nothing by itself: every permission stands in a role of this stack', () => {
  expect(Object.keys(resourcesBy.first).filter((logicalId) => logicalId.startsWith('IamRole'))).toEqual([]);
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionDefinitions, planFunctions, slugOf } from '../../../infra/functions.ts';
import { awaitedActingProcedures, procedures } from '../../../infra/procedures.ts';
import { scenarios } from '../../../local/drill/scenarios/scenarios.ts';
import type { Deployment } from '../../../shared/deployment/deployment.ts';
import type { Operation } from '../../../shared/deployment/operation.ts';
import { type OperationName, operationOf, operations } from '../../../shared/deployment/operations.ts';
import { deniedFileName, witnessFileName, witnessFolder } from '../../support/aws/call-witness.ts';
import { heartbeatsOf, heartbeatsSaidBy } from '../../support/heartbeats.ts';

const root = join(import.meta.dirname, '../../..');
/** What every act asks and leaves: the kill switch, its audit, the budget of all procedures together. */
const doorCalls: readonly OperationName[] = [
  'ssm:GetParameter kill-switch',
  'ssm:GetParameter cluster-claim',
  's3:GetObject audit',
  's3:PutObject audit',
  's3:GetObject budget',
  's3:PutObject budget',
];

/** Its record of who commanded what is another's, too: incident keeps there what people command it. */
const auditCalls: readonly OperationName[] = ['s3:GetObject audit', 's3:PutObject audit'];
const takesCommands = (slug: string): boolean => slug === 'incident';

const all: readonly (readonly [folder: string, deployment: Deployment])[] = Object.entries(procedures);

test('the registry holds the folders that have a deployment.ts, and no other', () => {
  const folders = globSync('functions/*/*/deployment.ts', { cwd: root }).map((path) =>
    path.slice('functions/'.length, -'/deployment.ts'.length),
  );
  expect(Object.keys(procedures).toSorted()).toEqual(folders.toSorted());
});

describe.each(all)('%s', (folder, deployment) => {
  test('has the files that Lambda loads', () => {
    for (const { handler } of planFunctions({ [folder]: deployment }))
      expect(existsSync(join(root, handler.replace(/\.handler$/, '.ts'))), handler).toBe(true);
  });

  test('has a page of the runbook', () => {
    expect(existsSync(join(root, `docs/runbook/${slugOf(folder)}.md`))).toBe(true);
  });

  test('has a test that sees every call which it declares', () => {
    const path = join(witnessFolder, 'functions', folder, witnessFileName);
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^testDeclaredCalls\(/m);
  });

  test('has a test that denies each grant of its roles in turn', () => {
    const path = join(witnessFolder, 'functions', folder, deniedFileName);
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^testDeniedGrants[(<]/m);
  });

  test('a run of one with several schedules says by its value which of them it did the work of, as the alarms hear it', async () => {
    const heard = heartbeatsOf({ [folder]: deployment });
    const said = heard.length === 0 ? [] : await heartbeatsSaidBy(join(root, 'functions', folder));
    expect(heard).toEqual(said);
    // Of a durable act the alarms wake the same function, and do no schedule's work.
    const scheduleCount = Object.keys(deployment.schedules ?? {}).length;
    const isHeardElsewhere = deployment.tellsPeople === true;
    const saysWhich = scheduleCount > 1 || (scheduleCount > 0 && deployment.run !== undefined);
    // Who tells people leaves word each minute whether all is heard; `incident-silent` listens for that.
    expect(heard.length > 0).toBe(saysWhich && !isHeardElsewhere);
  });

  test('changes the cluster by a durable run and through the door of acts, or not at all', () => {
    for (const { calls, durable, slug } of planFunctions({ [folder]: deployment })) {
      const changes = Object.keys(calls).filter((name) => operationOf(name).changes !== undefined);
      const ofTheDoor = doorCalls.filter((name) => Object.hasOwn(calls, name));
      const withoutActing = takesCommands(slug) ? auditCalls : [];
      expect(ofTheDoor, slug).toEqual(changes.length === 0 ? withoutActing : doorCalls);
      if (changes.length === 0) continue;
      expect(durable, slug).toBeDefined();
      expect(folder, `${slug} declares ${changes.join(', ')}`).not.toMatch(/^health\//);
    }
  });

  test('names drills that there are', () => {
    const names = scenarios.map(({ name }) => name);
    for (const drill of deployment.drills) expect(names).toContain(drill);
  });

  test('its deployment.ts is data that fits on a page', () => {
    const lines = readFileSync(join(root, `functions/${folder}/deployment.ts`), 'utf8').split('\n');
    expect(lines.length).toBeLessThanOrEqual(90);
    expect(lines.filter((line) => /=>|function /.test(line))).toEqual([]);
  });
});

test('slugs are one each, and none is what the runbook still waits for', () => {
  const slugs = functionDefinitions.map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(slugs.length);
  expect(slugs.filter((slug) => awaitedActingProcedures.some((awaited) => awaited === slug))).toEqual([]);
});

test('every operation of the table is declared by somebody', () => {
  const declared = new Set(functionDefinitions.flatMap(({ calls }) => Object.keys(calls)));
  expect(Object.keys(operations).filter((name) => !declared.has(name))).toEqual([]);
});

test('a call is signed as what its name says, or goes to the brokers', () => {
  const signing: Readonly<Record<string, string>> = { cloudwatch: 'monitoring' };
  for (const [name, { signedAs }] of Object.entries<Operation>(operations)) {
    const [call = ''] = name.split(' ');
    const [service = '', operation = ''] = call.split(':');
    expect(signedAs ?? 'brokers', name).toBe(
      service === 'kafka-cluster' ? 'brokers' : `${signing[service] ?? service}:${operation}`,
    );
  }
});

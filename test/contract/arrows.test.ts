import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

const root = new URL('../../', import.meta.url).pathname;

/** What a file may not import, by the rule that says so. */
const forbidden: readonly (readonly [file: string, imported: string, rule: string])[] = [
  // A package that the product depends on, packages of tests, tools and nobody, and Node itself.
  ['shared/core/a.ts', 'zod', 'core-uses-only-cores'],
  ['shared/core/b.ts', 'yaml', 'core-uses-only-cores'],
  ['shared/core/c.ts', 'fast-check', 'core-uses-only-cores'],
  ['shared/core/d.ts', '@smithy/core', 'core-uses-only-cores'],
  ['shared/core/e.ts', 'node:fs', 'core-uses-only-cores'],
  ['shared/acting/core/f.ts', '@smithy/types', 'core-uses-only-cores'],
  ['functions/health/one/core/g.ts', 'yaml', 'core-uses-only-cores'],
  ['functions/health/one/core/h.ts', '../look.ts', 'core-uses-only-cores'],
  ['shared/run/i.ts', 'yaml', 'product-is-made-of-what-it-depends-on'],
  ['shared/aws/j.ts', '@smithy/types', 'product-is-made-of-what-it-depends-on'],
  ['functions/health/one/look.ts', 'fast-check', 'product-is-made-of-what-it-depends-on'],
  ['functions/health/one/k.ts', '@aws-sdk/client-sqs', 'aws-behind-few-doors'],
  ['shared/kafka/l.ts', 'kafkajs', 'kafkajs-behind-one-file'],
  ['shared/core/m.ts', '../aws/n.ts', 'room-core'],
];

const allowed: readonly (readonly [file: string, imported: string])[] = [
  ['functions/health/one/core/o.ts', '../../../../shared/core/p.ts'],
  ['functions/health/one/q.ts', 'zod'],
  ['shared/aws/n.ts', '@aws-sdk/client-s3'],
];

const answer = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    totalCruised: z.number(),
  }),
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-arrows-'));
  for (const name of ['node_modules', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
    await symlink(join(root, name), join(folder, name));
  const files = [...forbidden, ...allowed].map(([file, imported]) => [file, imported] as const);
  for (const [file, imported] of files) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), `import * as it from '${imported}';\nexport const kept = it;\n`);
  }
  await writeFile(join(folder, 'shared/core/p.ts'), 'export const plain = 1;\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('each arrow that may not be is found by its rule, and none that may', async () => {
  const cruise = [
    '--import',
    join(root, 'infra/checks/typescript-6.mjs'),
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  ];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...cruise, '--output-type', 'json', 'functions', 'shared'],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { readonly stdout: string }) => error);
  const { summary } = answer.parse(JSON.parse(stdout));
  const found = summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  expect(found).toEqual(expect.arrayContaining(forbidden.map(([file, , rule]) => `${file}: ${rule}`)));
  const guilty = new Set(forbidden.map(([file]) => file));
  expect(found.filter((one) => !guilty.has(one.split(':')[0] ?? ''))).toEqual([]);
});

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundleFunction, bytesByPackage } from '../infra/bundle.ts';
import { prepareTrial } from '../infra/bundle-trial.ts';
import { resolveConfiguration } from '../infra/configuration/resolve-configuration.ts';
import { functionDefinitions } from '../infra/functions.ts';

const runs = 15;
const heaviestShown = 5;

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Milliseconds that a fresh Node takes to import a file, by its own clock: its start is not counted. */
const importMs = async (file: string, environment: Readonly<Record<string, string>>): Promise<number> => {
  const script = `const from = performance.now(); import(${JSON.stringify(file)}).then(() => process.stdout.write(String(performance.now() - from)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: environment });
  return Number(stdout);
};

/** In turns, so that a machine that slows down slows all of them. */
const medianImportMs = async (trials: readonly { file: string; environment: Readonly<Record<string, string>> }[]) => {
  const timesMs = trials.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, { file, environment }] of trials.entries())
      timesMs[index]?.push(await importMs(file, environment));
  }
  return timesMs.map(medianOf);
};

const kib = (bytes: number): string => (bytes / 1024).toFixed(0).padStart(7);

const main = async (): Promise<void> => {
  const configuration = resolveConfiguration(join(import.meta.dirname, '../mskeeper.yml'));
  const [clusterKey] = Object.keys(configuration.clusters);
  if (clusterKey === undefined) throw new Error('mskeeper.yml has no clusters');
  const root = await mkdtemp(join(tmpdir(), 'mskeeper-bench-'));
  try {
    const empty = join(root, 'empty.mjs');
    await writeFile(empty, 'export const handler = async () => {};\n');
    const bundles = await Promise.all(
      functionDefinitions.map(async (definition) => {
        const folder = join(root, definition.slug);
        await mkdir(folder);
        const bundle = await bundleFunction(definition);
        const { slug } = definition;
        return { slug, bundle, trial: await prepareTrial(bundle, configuration, { clusterKey, slug, folder }) };
      }),
    );
    const [emptyMs = Number.NaN, ...bundleMs] = await medianImportMs([
      { file: empty, environment: {} },
      ...bundles.map(({ trial }) => trial),
    ]);
    process.stdout.write(
      `node ${process.version}, ${process.arch}; import: median of ${runs} fresh processes; an empty module ${emptyMs.toFixed(1)} ms\n`,
    );
    process.stdout.write('bundle             raw KiB  gzip KiB  import ms  × empty  heaviest packages\n');
    for (const [index, { slug, bundle }] of bundles.entries()) {
      const ms = bundleMs[index] ?? Number.NaN;
      const heaviest = [...bytesByPackage(bundle)]
        .toSorted(([, left], [, right]) => right - left)
        .slice(0, heaviestShown)
        .map(([name, bytes]) => `${name} ${(bytes / 1024).toFixed(0)}`);
      process.stdout.write(
        `${slug.padEnd(18)}${kib(bundle.contents.length)}  ${kib(gzipSync(bundle.contents).length)}  ${ms.toFixed(0).padStart(9)}  ${(ms / emptyMs).toFixed(0).padStart(7)}  ${heaviest.join(', ')}\n`,
      );
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};

await main();

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { runCommand } from '../infra/command-line.ts';
import { resolveConfiguration } from '../infra/configuration/resolve-configuration.ts';
import { functionDefinitions } from '../infra/functions.ts';
import { bundleFunction, bytesByPackage } from '../infra/packaging/bundle.ts';
import { prepareTrial } from '../infra/packaging/bundle-trial.ts';
import { ConfigError } from '../shared/core/errors.ts';

const runs = 15;
const heaviestShown = 5;

const help = `Measures each function's bundle: its size, and how long a fresh Node takes to import it.

  node bench/bundles.ts [--json]
`;

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

type Measurement = {
  readonly node: string;
  readonly architecture: string;
  /** Fresh processes of which each `importMs` is the median. */
  readonly runs: number;
  readonly emptyImportMs: number;
  readonly bundles: readonly {
    readonly slug: string;
    readonly rawBytes: number;
    readonly gzipBytes: number;
    readonly importMs: number;
    /** Heaviest first. */
    readonly packages: readonly { readonly name: string; readonly bytes: number }[];
  }[];
};

const measure = async (): Promise<Measurement> => {
  const configuration = resolveConfiguration(join(import.meta.dirname, '../mskeeper.yml'));
  const [clusterKey] = Object.keys(configuration.clusters);
  if (clusterKey === undefined) throw new ConfigError('mskeeper.yml has no clusters');
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
    const [emptyImportMs = Number.NaN, ...importMsEach] = await medianImportMs([
      { file: empty, environment: {} },
      ...bundles.map(({ trial }) => trial),
    ]);
    return {
      node: process.version,
      architecture: process.arch,
      runs,
      emptyImportMs,
      bundles: bundles.map(({ slug, bundle }, index) => ({
        slug,
        rawBytes: bundle.contents.length,
        gzipBytes: gzipSync(bundle.contents).length,
        importMs: importMsEach[index] ?? Number.NaN,
        packages: [...bytesByPackage(bundle)]
          .map(([name, bytes]) => ({ name, bytes }))
          .toSorted((left, right) => right.bytes - left.bytes),
      })),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};

const kib = (bytes: number): string => (bytes / 1024).toFixed(0).padStart(7);

const table = ({ node, architecture, emptyImportMs, bundles }: Measurement): string =>
  [
    `node ${node}, ${architecture}; import: median of ${runs} fresh processes; an empty module ${emptyImportMs.toFixed(1)} ms`,
    'bundle             raw KiB  gzip KiB  import ms  × empty  heaviest packages',
    ...bundles.map(({ slug, rawBytes, gzipBytes, importMs, packages }) => {
      const heaviest = packages
        .slice(0, heaviestShown)
        .map(({ name, bytes }) => `${name} ${(bytes / 1024).toFixed(0)}`);
      const times = (importMs / emptyImportMs).toFixed(0).padStart(7);
      return `${slug.padEnd(18)}${kib(rawBytes)}  ${kib(gzipBytes)}  ${importMs.toFixed(0).padStart(9)}  ${times}  ${heaviest.join(', ')}`;
    }),
    '',
  ].join('\n');

await runCommand({
  help,
  options: { json: { type: 'boolean', default: false } },
  run: async ({ values }) => {
    const measured = await measure();
    process.stdout.write(values.json ? `${JSON.stringify(measured, null, 2)}\n` : table(measured));
    return undefined;
  },
});

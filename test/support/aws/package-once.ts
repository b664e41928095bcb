import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageStack, projectRoot } from '../../../infra/packaging/package-stack.ts';
import type { Configuration } from '../../../shared/core/configuration.ts';
import { dayMs } from '../../../shared/core/units.ts';

const folder = join(projectRoot, '.cache', 'test-packages');
/** All that a package is made of, besides its configuration. */
const sources = ['{functions,shared,infra,presets}/**/*', 'serverless.yml', 'package-lock.json', 'NOTICE'];

/** The same for the same configuration and sources, whoever asks. */
const fingerprintOf = (configuration: Configuration): string => {
  const hash = createHash('sha256').update(JSON.stringify(configuration));
  for (const path of globSync(sources, { cwd: projectRoot }).toSorted()) {
    const file = join(projectRoot, path);
    if (statSync(file).isFile()) hash.update(`\0${path}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 20);
};

/** Packages of other sources go after a day: another run of the tests may still use a younger one. */
const sweep = (): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true, force: true });
  }
};

/**
 * The folder of a stack as `npm run package` makes it, made once for all test files that need the same one. Nobody writes
 * into it: whoever changes the template copies the folder first.
 */
export const packageOnce = async (configuration: Configuration, clusterKey: string): Promise<string> => {
  const made = join(folder, `${clusterKey}-${fingerprintOf(configuration)}`);
  if (existsSync(made)) return made;
  await mkdir(folder, { recursive: true });
  sweep();
  const output = `${made}.${process.pid}`;
  await packageStack({ configuration, clusterKey, output, isVerbose: false });
  try {
    renameSync(output, made);
  } catch (error) {
    rmSync(output, { recursive: true, force: true });
    // Another test file was faster, and its package is the same.
    if (!existsSync(made)) throw error;
  }
  return made;
};

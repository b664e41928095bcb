import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Makes one JavaScript file of the runtime. Stripping its types in every process would add Node's stripper to each
 * function's memory and start.
 *
 * @returns the file's path in `directory`
 */
export async function bundleRuntime(directory: string): Promise<string> {
  const file = join(directory, 'lambda-runtime.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./runtime.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'error',
  });
  return file;
}

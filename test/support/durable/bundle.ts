import { build } from 'esbuild';
import { makeZip } from '../aws/zip.ts';

/**
 * A package as a deployment has it: one minified ES module with all that it imports, `index.mjs` in a zip.
 *
 * @param source the handler's module, in JavaScript or TypeScript; imports are found from this folder
 */
export async function bundleSource(source: string): Promise<Uint8Array> {
  return bundle({ stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' } });
}

/** The same of a file. */
export async function bundleFile(path: string): Promise<Uint8Array> {
  return bundle({ entryPoints: [path] });
}

async function bundle(input: Pick<Parameters<typeof build>[0], 'stdin' | 'entryPoints'>): Promise<Uint8Array> {
  const { outputFiles = [] } = await build({
    ...input,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    write: false,
    logLevel: 'error',
    // The module's own code may say `require`; the SDK's does.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return makeZip({ 'index.mjs': outputFiles[0]?.text ?? '' });
}

import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { bundleOptions } from './bundle-options.ts';

const projectRoot = join(import.meta.dirname, '../..');

export type Bundle = { readonly contents: Uint8Array; readonly metafile: Metafile };

/** One function's bundle, in memory, made as packaging makes it. @throws esbuild's BuildFailure */
export const bundleFunction = async ({ handler }: FunctionDefinition): Promise<Bundle> => {
  const { outputFiles, metafile } = await build({
    ...bundleOptions,
    entryPoints: [`${handler.slice(0, handler.lastIndexOf('.'))}.ts`],
    absWorkingDir: projectRoot,
    outfile: 'bundle.mjs',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${handler}`);
  return { contents: output.contents, metafile };
};

/** `node_modules/@aws-sdk/client-sns/dist-es/x.js` → `@aws-sdk/client-sns`; undefined for a file of ours. */
const packageOf = (path: string): string | undefined => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];

/** Bytes in a bundle by package; `mskeeper` for our own files. */
export const bytesByPackage = ({ metafile }: Bundle): ReadonlyMap<string, number> => {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(path) ?? 'mskeeper';
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
};

/** Our own files in a bundle, from the project's root. */
export const ownFilesOf = ({ metafile }: Bundle): readonly string[] =>
  Object.keys(metafile.inputs).filter((path) => packageOf(path) === undefined);

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzipInto } from '../../lambda-runtime/zip.ts';
import type { TemplateFunction } from './function-template.ts';

/** Reads a package by its key in the deployment bucket. Rejects when there is none. */
export type ReadPackage = (key: string) => Promise<Uint8Array>;

/** The packages that `serverless package` left in `directory`, where a key's last part is the file's name. */
export function packagesIn(directory: string): ReadPackage {
  return (key) => readFile(join(directory, basename(key)));
}

/** Unpacks each distinct package once into `directory`; gives the folder that holds it. */
export function createCodeStore(directory: string, readPackage: ReadPackage) {
  const rootByDigest = new Map<string, Promise<string>>();
  const place = (content: Uint8Array, fill: (folder: string) => Promise<void>): Promise<string> => {
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const known = rootByDigest.get(digest);
    if (known !== undefined) return known;
    const placed = (async () => {
      const target = join(directory, 'code', digest);
      await mkdir(join(directory, 'code'), { recursive: true });
      const folder = await mkdtemp(`${target}-`);
      await fill(folder);
      await rm(target, { recursive: true, force: true });
      await rename(folder, target);
      return target;
    })();
    rootByDigest.set(digest, placed);
    return placed;
  };
  return {
    async place(code: TemplateFunction['code']): Promise<string> {
      if (code.kind === 'inline') {
        // Lambda calls inline source index.js, which has no package.json: CommonJS.
        return place(Buffer.from(`inline:${code.source}`), (folder) =>
          writeFile(join(folder, 'index.js'), code.source),
        );
      }
      const archive = await readPackage(code.key);
      return place(archive, (folder) => unzipInto(archive, folder));
    },
  };
}

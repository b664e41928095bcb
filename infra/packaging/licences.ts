import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';

/** A package with code in a bundle. */
export type LicensedPackage = {
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier. */
  readonly licence: string;
  /** Who has the copyright, as its package.json says. */
  readonly author: string | undefined;
  /** Its own words, by the file's name: `LICENSE`, `NOTICE`. */
  readonly texts: Readonly<Record<string, string>>;
};

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).optional(),
});

/** Folders of the packages whose code is in the bundle itself; what esbuild read and left out is in no bundle. */
const foldersIn = ({ outputs }: Metafile): readonly string[] =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
      return folder === undefined || bytesInOutput === 0 ? [] : [folder];
    }),
  );

const readPackage = (folder: string): LicensedPackage => {
  const { name, version, license, author } = manifestSchema.parse(
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  );
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file): [string, string] => [file, readFileSync(join(folder, file), 'utf8').trim()]);
  return { name, version, licence: license, author, texts: Object.fromEntries(texts.toSorted()) };
};

/**
 * The packages whose code is in these bundles, each version once, by name.
 *
 * @param root what the metafiles' paths begin at
 * @throws ZodError for a package that does not say its licence
 */
export const packagesInBundles = (metafiles: readonly Metafile[], root: string): readonly LicensedPackage[] => {
  const folders = [...new Set(metafiles.flatMap(foldersIn))].filter((folder) =>
    existsSync(join(root, folder, 'package.json')),
  );
  const byName = new Map(
    folders.map((folder) => {
      const one = readPackage(join(root, folder));
      return [`${one.name} ${one.version}`, one] as const;
    }),
  );
  return [...byName].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one);
};

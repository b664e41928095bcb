import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { bundleFunction, bytesByPackage } from '../../../../infra/packaging/bundle.ts';
import { type LicensedPackage, packagesInBundles } from '../../../../infra/packaging/licences.ts';
import { renderNotice } from '../../../../infra/packaging/notice.ts';
import { projectRoot } from '../../../../infra/packaging/package-stack.ts';

const notice = readFileSync(join(projectRoot, 'NOTICE'), 'utf8');
let packages: readonly LicensedPackage[] = [];
const inBundles = new Set<string>();
beforeAll(async () => {
  const bundles = await Promise.all(functionDefinitions.map(bundleFunction));
  packages = packagesInBundles(
    bundles.map(({ metafile }) => metafile),
    projectRoot,
  );
  for (const bundle of bundles)
    for (const [name, bytes] of bytesByPackage(bundle)) if (bytes > 0 && name !== 'mskeeper') inBundles.add(name);
});

test('NOTICE is what npm run notice writes for the bundles as they are', () => {
  expect(notice).toBe(renderNotice(packages));
});

test('NOTICE names every package that has a byte in a bundle, in every version, and no other', () => {
  const named = [...notice.matchAll(/^- (\S+) \d\S*$/gm)].map(([, name = '']) => name);
  expect([...new Set(named)].toSorted()).toEqual([...inBundles].toSorted());
});

test('another version, another licence or a package more in a bundle is another NOTICE', () => {
  const [first, ...others] = packages;
  if (first === undefined) throw new Error('no package in the bundles');
  const more: LicensedPackage = { name: 'left-pad', version: '1.3.0', licence: '0BSD', author: undefined, texts: {} };
  for (const changed of [
    [{ ...first, version: '999.0.0' }, ...others],
    [{ ...first, licence: 'MIT-0' }, ...others],
    [...packages, more],
    others,
  ])
    expect(renderNotice(changed)).not.toBe(notice);
});

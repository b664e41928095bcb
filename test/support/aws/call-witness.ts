import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../infra/functions.ts';
import { projectRoot } from '../../../infra/packaging/package-stack.ts';
import { operationOf } from '../../../shared/deployment/operations.ts';
import { undeclaredCalls, unseenCalls, type Witness } from './declared-calls.ts';

export const witnessFileName = 'declared-calls.test.ts';
export const deniedFileName = 'denied-grants.test.ts';
/** Where a procedure's witness lies: at its folder's place, so that what it witnesses follows from where it is. */
export const witnessFolder = join(projectRoot, 'test/contract');

/** What no call to AWS shows, by name, and why not. */
export type Unshown = Readonly<Record<string, string>>;

/**
 * The test that every call which a procedure's functions declare is made by them, and no other. Each declared call becomes
 * a grant of a role, so one that nobody sees is a right that nobody needs.
 *
 * @param folder of the test file
 * @param drive runs the packaged functions through quiet runs and through what happens, and gives the accounts that saw it
 * @param unshown calls that go past AWS's API, so that no account of the stand-in sees them
 */
export const testDeclaredCalls = (
  folder: string,
  drive: () => Promise<readonly Witness[]>,
  unshown: Unshown = {},
): void => {
  const sourceFolder = relative(witnessFolder, folder).split(sep).join('/');
  const definitions = functionDefinitions.filter(({ handler }) => handler.startsWith(`${sourceFolder}/`));

  test(`every call that ${sourceFolder} declares is made by its functions, and no other`, async () => {
    expect(definitions).not.toEqual([]);
    const witnesses = await drive();
    const found = Object.fromEntries(
      definitions.map((one) => [
        one.slug,
        {
          declaredAndUnseen: unseenCalls(one, witnesses).filter((name) => !Object.hasOwn(unshown, name)),
          seenAndUndeclared: undeclaredCalls(one, witnesses),
        },
      ]),
    );
    const nothing = { declaredAndUnseen: [], seenAndUndeclared: [] };
    expect(found).toEqual(Object.fromEntries(definitions.map(({ slug }) => [slug, nothing])));
  });

  test.each(Object.entries(unshown))('%s was never tried on AWS, and the deploy guide says so: %s', (name) => {
    expect(definitions.flatMap(({ calls }) => Object.keys(calls))).toContain(name);
    expect(operationOf(name).signedAs).toBeUndefined();
    const [, neverTried = ''] = readFileSync(join(projectRoot, 'docs/deploy.md'), 'utf8').split(
      '## Never tried against AWS',
    );
    expect(neverTried).toContain(`\`${name.split(':')[0]}:`);
  });
};

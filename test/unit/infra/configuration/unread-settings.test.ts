import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../../infra/configuration/mistake.ts';
import { findUnreadOf } from '../../../../infra/configuration/unread-settings.ts';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { procedures } from '../../../../infra/procedures.ts';
import { flooredQuantities, limitedQuantities, scalingQuantities } from '../../../../shared/core/policy-quantities.ts';
import type { Deployment } from '../../../../shared/deployment/deployment.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

const root = join(import.meta.dirname, '../../../..');
const unreadIn = (more: string): readonly string[] =>
  judge(smallFile({}, more)).unread.map(({ line, path, message }) => `${line} ${formatPath(path)}: ${message}`);

test('a file that names nothing of its own has nothing that nobody reads', () => {
  expect(unreadIn('')).toEqual([]);
});

test('a setting that no procedure reads is told with its line, and is no mistake', () => {
  const more = `policy:
  limits: { gcCount: { warning: 10 }, diskUsedPercent: { warning: 75 } }
  responseMinutes: { emergency: 3 }
modes: { failover: act, storage-scaling: act }
`;
  expect(judge(smallFile({}, more)).mistakes).toEqual([]);
  expect(unreadIn(more)).toEqual([
    '11 policy.limits.gcCount: nothing reads this yet',
    '13 modes.failover: nothing reads this yet',
  ]);
});

test('an approval of a procedure that is not there is one of them', () => {
  const onCall = 'arn:aws:iam::111122223333:role/on-call';
  expect(unreadIn(`approvals: { failover: { isRequired: true } }\napproverPrincipals: [${onCall}]\n`)).toEqual([
    '10 approvals.failover: nothing reads this yet',
  ]);
});

test('when packaging the preset’s numbers count too, and a mode that asks for nothing does not', () => {
  const { configuration } = judge(smallFile({}, 'modes: { failover: act, drill: plan }\n'));
  if (configuration === undefined) throw new Error('the file is sound');
  const unread = findUnreadOf(configuration, functionDefinitions).map(({ path }) => formatPath(path));
  expect(unread).toEqual(expect.arrayContaining(['policy.partitions', 'policy.cooldown', 'modes.failover']));
  expect(unread).not.toContain('policy.escalation');
  expect(unread).not.toContain('modes.drill');
  expect(unread).not.toContain('policy.limits.diskUsedPercent');
  expect(unread).not.toContain('policy.limits.lagSeconds');
});

/** Words of the sources, without the deployment itself: what nobody writes, nobody reads. */
const wordsOf = (folder: string): ReadonlySet<string> =>
  new Set(
    globSync(`functions/${folder}/**/*.ts`, { cwd: root })
      .filter((path) => !path.endsWith('/deployment.ts'))
      .flatMap((path) => readFileSync(join(root, path), 'utf8').match(/\w+/g) ?? []),
  );

/** What a policy limits, by the group that it stands in; a source may call something else `floors`. */
const quantities: ReadonlySet<string> = new Set([
  ...limitedQuantities.map((quantity) => `limits.${quantity}`),
  ...flooredQuantities.map((quantity) => `floors.${quantity}`),
  ...scalingQuantities.map((quantity) => `scaling.${quantity}`),
]);

describe.each(Object.entries<Deployment>(procedures))('%s', (folder, { judges = [] }) => {
  test('its sources name each setting that it declares to judge', () => {
    const words = wordsOf(folder);
    const unnamed = judges.filter((key) => !words.has(key.split('.').at(-1) ?? ''));
    expect(unnamed).toEqual([]);
  });

  test('it declares each quantity of a policy that its sources read', () => {
    const read = globSync(`functions/${folder}/**/*.ts`, { cwd: root })
      .filter((path) => !path.endsWith('/deployment.ts'))
      .flatMap((path) => [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /\b(limits|floors|scaling)\.(\w+)|\b(limit|floor): '(\w+)'/g,
        ),
      ])
      .map(([, group, quantity, kind, named]) => (group === undefined ? `${kind}s.${named}` : `${group}.${quantity}`))
      .filter((key) => quantities.has(key));
    expect(read.filter((key) => !judges.some((judged) => judged === key))).toEqual([]);
  });
});

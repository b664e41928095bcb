import { expect, test } from 'vitest';
import { smallFile, warningsOf } from '../../../support/configuration.ts';

const warningsWith = (more: string, cluster: Readonly<Record<string, string>> = {}) =>
  warningsOf(smallFile(cluster, more), Date.UTC(2027, 0, 31));
const acts = 'modes: { storage-scaling: act }\n';
const role = 'arn:aws:iam::111122223333:role/break-glass';

test('where something may act and nobody may mend what its acts are decided by, that is told, with the ways that are left', () => {
  const [warning, ...more] = warningsWith(acts);
  expect(warning).toMatch(
    /^\d+ stack\.breakGlassRole: is not set for "orders", where something may act: .* a deploy that names a role, .* root where the organization lets it$/,
  );
  expect(more).toEqual([]);
});

test.each([
  ['somebody may mend all', `${acts}stack: { breakGlassRole: "${role}" }\n`, {}],
  [
    'somebody may mend this cluster’s',
    acts,
    { 'brokerCount:': `    brokerCount: 3\n    stack: { breakGlassRole: "${role}" }` },
  ],
  ['nothing acts', 'modes: { storage-scaling: plan }\n', {}],
  ['nothing says so', '', {}],
] as const)('and it is not where %s', (_when, more, cluster) => {
  expect(warningsWith(more, cluster)).toEqual([]);
});

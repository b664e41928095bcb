import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { severities } from '../../../../../shared/core/finding.ts';
import { readDocument, root } from '../../../../support/documents.ts';

const page = readDocument('docs/runbook/cluster-health.md');
const core = globSync('functions/health/cluster-health/core/*.ts', { cwd: root }).map(readDocument);

/** As the rules write them: a verdict's two words, a disagreement of sources, a gap of a list. */
const reasonIn = [
  /\[\s*'(?:unknown|notice|warning|critical|emergency)',\s*'([a-z-]+)'/g,
  /disagreement\(\s*facts,\s*subject,\s*'([a-z-]+)'/g,
  /reason: '([a-z-]+)', (?:why|evidence)/g,
];
const reasons = core
  .flatMap((text) => reasonIn.flatMap((pattern) => [...text.matchAll(pattern)].map(([, reason = '']) => reason)))
  // Lists of severities are written alike.
  .filter((reason) => severities.every((severity) => severity !== reason));

test('every reason of a finding that is not well stands in the runbook, where its reader looks for it', () => {
  expect(reasons).toEqual(expect.arrayContaining(['no-leader', 'address-shared', 'overruled', 'not-all-listed']));
  expect(reasons.filter((reason) => !page.includes(`\`${reason}\``))).toEqual([]);
});

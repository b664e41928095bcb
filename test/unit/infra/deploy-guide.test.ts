import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resourcesWith } from './stack/stack-under-test.ts';

const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

test('the deployer’s permissions cover every type of resource in the stack', () => {
  const types = new Set(resourcesWith({}).map(([, { Type }]) => Type));
  const ofOsls = ['AWS::Lambda::Function', 'AWS::Logs::LogGroup'];
  const channelTypes = ['AWS::SNS::Subscription'];
  const missing = [...types, ...ofOsls, ...channelTypes].filter((type) => !guide.includes(`\`${type}\``));
  expect(missing).toEqual([]);
});

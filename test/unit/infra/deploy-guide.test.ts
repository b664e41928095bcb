import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyUses } from '../../../shared/core/stack-settings.ts';
import { resourcesWith } from './stack/stack-under-test.ts';

const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

test('the deployer’s permissions cover every type of resource in the stack', () => {
  const types = new Set(resourcesWith({}).map(([, { Type }]) => Type));
  const ofOsls = ['AWS::Lambda::Function', 'AWS::Logs::LogGroup'];
  const channelTypes = ['AWS::SNS::Subscription'];
  const missing = [...types, ...ofOsls, ...channelTypes].filter((type) => !guide.includes(`\`${type}\``));
  expect(missing).toEqual([]);
});

/** Key, principal, actions and condition of each row of the guide's table of keys' own policies. */
const rowsOfKeys = guide
  .split('\n')
  .slice(guide.split('\n').findIndex((line) => line.startsWith('| key | principal |')) + 2)
  .map((line) => line.split('|').map((cell) => cell.trim()));
const keyRows = rowsOfKeys.slice(
  0,
  rowsOfKeys.findIndex(([first, second]) => first !== '' || second === undefined),
);

test('what a key’s own policy must let in is told of every key that may be named, and of no other', () => {
  expect([...new Set(keyRows.map(([, key = '']) => key.replaceAll('`', '')))].toSorted()).toEqual(
    [...keyUses].toSorted(),
  );
});

test('nobody is told to condition what EventBridge writes under a key: its requests carry no source', () => {
  const ofEventBridge = keyRows.filter(([, , principal = '']) => principal.includes('events.amazonaws.com'));
  expect(ofEventBridge.map(([, key, , , condition = '']) => [key, condition.split(':')[0]])).toEqual([
    ['`queues`', 'none'],
  ]);
});

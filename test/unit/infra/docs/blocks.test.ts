import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planBlocks, withBlock } from '../../../../infra/docs/blocks.ts';
import { procedures } from '../../../../infra/procedures.ts';

const root = join(import.meta.dirname, '../../../..');
const blocks = planBlocks(procedures);

test.each(blocks.map((block) => [block.file, block.name, block] as const))(
  '%s holds the table %s as the registry says',
  (file, _name, block) => {
    const document = readFileSync(join(root, file), 'utf8');
    expect(withBlock(document, block)).toBe(document);
  },
);

test('the table says of each procedure what wakes it and what it may change', () => {
  const [{ text = '' } = {}] = blocks;
  const lineOf = (slug: string) => text.split('\n').find((line) => line.startsWith(`| [${slug}]`));
  expect(lineOf('cluster-health')).toContain(
    '| every 5 minutes (light), `cron(0 9 * * ? *)` (full), its alarms, by hand | nothing |',
  );
  expect(lineOf('storage-scaling')).toContain('| the size of the brokers’ volumes, upwards, in mode `act` |');
  expect(lineOf('kafka-read')).toContain('| the procedures, by invocation | nothing |');
});

test('what stands around a block stays, and a document without its place is refused by name', () => {
  const block = { file: 'README.md', name: 'procedures', text: 'new' };
  const document = 'before\n<!-- procedures -->\nold\nlines\n<!-- /procedures -->\nafter\n';
  expect(withBlock(document, block)).toBe('before\n<!-- procedures -->\nnew\n<!-- /procedures -->\nafter\n');
  expect(() => withBlock('before\nafter\n', block)).toThrow('README.md must have "<!-- procedures -->"');
  expect(() => withBlock(`${document}${document}`, block)).toThrow('once each');
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command-line.ts';
import { planBlocks, withBlock } from './docs/blocks.ts';
import { procedures } from './procedures.ts';
import { print } from './terminal/print.ts';

const help = `Writes the tables of the documents that follow from the registry of procedures (infra/procedures.ts).

  npm run docs

  --check   writes nothing; exit status 1 and the names of the documents that are not as the registry says
  --help
`;

const root = join(import.meta.dirname, '..');

await runCommand({
  help,
  options: { check: { type: 'boolean', default: false } },
  run: ({ values }) => {
    const blocks = planBlocks(procedures);
    const stale = [...new Set(blocks.map(({ file }) => file))].filter((file) => {
      const before = readFileSync(join(root, file), 'utf8');
      const after = blocks.filter((one) => one.file === file).reduce(withBlock, before);
      if (after !== before && !values.check) writeFileSync(join(root, file), after);
      return after !== before;
    });
    const what = values.check ? 'is not as the registry says: npm run docs' : 'is written anew';
    print(stale.map((file) => `${file} ${what}\n`).join('') || 'the documents are as the registry says\n');
    return values.check && stale.length > 0 ? 1 : undefined;
  },
});

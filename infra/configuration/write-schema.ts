import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command-line.ts';
import { print } from '../terminal/print.ts';
import { formatJsonSchema } from './json-schema.ts';

const help = `Writes mskeeper.schema.json, by which editors complete mskeeper.yml: to be run after the schema changed.

  node infra/configuration/write-schema.ts
`;

await runCommand({
  help,
  options: {},
  run: () => {
    const file = join(import.meta.dirname, '../../mskeeper.schema.json');
    writeFileSync(file, formatJsonSchema());
    print(`${file} is written.\n`);
    return undefined;
  },
});

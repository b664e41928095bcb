/** Writes mskeeper.yml as packaging reads it: `node infra/configuration/resolve.ts [--file mskeeper.yml] [--out -]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printableJson } from '../../shared/text/printable.ts';
import { runCommand } from '../command-line.ts';
import { print } from '../terminal/print.ts';
import { resolveConfiguration } from './resolve-configuration.ts';

const usage = `Resolves mskeeper.yml: its preset merged in, everything left out filled in, as JSON.

  node infra/configuration/resolve.ts [--file mskeeper.yml] [--out .cache/package/mskeeper.json]

  --out -  prints instead
  --help   this text`;

await runCommand({
  help: usage,
  options: {
    file: { type: 'string', default: 'mskeeper.yml' },
    out: { type: 'string', default: '.cache/package/mskeeper.json' },
  },
  run: ({ values: { file, out } }) => {
    const text = `${JSON.stringify(resolveConfiguration(file), null, 2)}\n`;
    if (out === '-') print(printableJson(text));
    else {
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, text);
      print(`${out} is written.\n`);
    }
    return undefined;
  },
});

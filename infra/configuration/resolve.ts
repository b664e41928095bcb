/** Writes what packaging puts beside the bundles: `node infra/configuration/resolve.ts [--file mskeeper.yml] [--out -]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveConfiguration } from './resolve-configuration.ts';

const usage = `Resolves mskeeper.yml: its preset merged in, everything left out filled in, as JSON.

  node infra/configuration/resolve.ts [--file mskeeper.yml] [--out .cache/package/mskeeper.json]

  --out -  prints instead
  --help   this text`;

try {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', default: 'mskeeper.yml' },
      out: { type: 'string', default: '.cache/package/mskeeper.json' },
      help: { type: 'boolean', default: false },
    },
  });
  const text = values.help ? usage : `${JSON.stringify(resolveConfiguration(values.file), null, 2)}\n`;
  if (values.help || values.out === '-') console.log(text.trimEnd());
  else {
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, text);
    console.log(`${values.out} is written.`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

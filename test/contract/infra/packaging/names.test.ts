import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { clientsOf, functionDefinitions } from '../../../../infra/functions.ts';
import { bundleOptions } from '../../../../infra/packaging/bundle-options.ts';

const projectRoot = join(import.meta.dirname, '../../../..');
/** What a bundle holds that has classes of its own which anybody sees. */
const sources = [
  '@aws/durable-execution-sdk-js',
  'zod',
  './shared/core/errors.ts',
  ...new Set(functionDefinitions.flatMap(clientsOf)),
];

/** A program that prints, of each class that it imports, where it is from, how it is exported and what it calls itself. */
const program = `
${sources.map((source, index) => `import * as all${index} from ${JSON.stringify(source)};`).join('\n')}
const modules = { ${sources.map((source, index) => `${JSON.stringify(source)}: all${index}`).join(', ')} };
const isClass = (value) => typeof value === 'function' && /^class\\b/.test(Function.prototype.toString.call(value));
const rows = Object.entries(modules).flatMap(([source, all]) =>
  Object.entries(all).flatMap(([name, value]) => (isClass(value) ? [source + ' ' + name + ' ' + value.name] : [])),
);
console.log(JSON.stringify([...new Set(rows)].sort()));
`;

const run = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: projectRoot, maxBuffer: 1e8 });
  return JSON.parse(stdout);
};

test('every class in a bundle calls itself what it does in Node', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mskeeper-names-'));
  try {
    const { outputFiles } = await build({
      ...bundleOptions,
      stdin: { contents: program, resolveDir: projectRoot, sourcefile: 'names.mjs' },
      write: false,
      logLevel: 'silent',
    });
    const file = join(folder, 'names.mjs');
    await writeFile(file, outputFiles[0]?.contents ?? '');
    const [bundled, plain] = await Promise.all([run(file), run('--input-type=module', '-e', program)]);
    expect(plain).toContain('@aws/durable-execution-sdk-js StepError StepError');
    expect(plain).toContain('./shared/core/errors.ts DependencyError DependencyError');
    expect(bundled).toEqual(expect.arrayContaining([...plain]));
    // Of a CommonJS package the bundle sees more exports than Node does.
    const more = bundled.filter((row) => !plain.includes(row)).map((row) => row.split(' '));
    expect(more.filter(([, exported, own]) => exported !== own)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readZip, unzipInto, ZipError } from '../../../../../../local/aws/lambda-runtime/zip.ts';
import { makeZip } from '../../../../../support/aws/zip.ts';

describe('reading a package', () => {
  test('gives every file with its bytes and mode', () => {
    const entries = readZip(makeZip({ 'index.mjs': 'export {};', 'deep/data.json': '{"a":1}'.repeat(100) }));
    expect(entries.map(({ path, mode, bytes }) => [path, mode, bytes.length])).toEqual([
      ['index.mjs', 0o644, 10],
      ['deep/data.json', 0o644, 700],
    ]);
  });

  test('puts files into their folders', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'zip-'));
    try {
      await unzipInto(makeZip({ 'functions/a/b.txt': 'hello' }), directory);
      expect(await readFile(join(directory, 'functions/a/b.txt'), 'utf8')).toBe('hello');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test.each(['../escape.txt', '/etc/passwd', 'a/../../b'])('refuses to write to %s', (path) => {
    expect(() => readZip(makeZip({ [path]: 'x' }))).toThrow(ZipError);
  });

  test('refuses what is no archive, and one that is cut off', () => {
    expect(() => readZip(Buffer.from('not a zip'))).toThrow(/not a zip/);
    const whole = makeZip({ a: 'text' });
    expect(() => readZip(whole.slice(20))).toThrow();
  });
});

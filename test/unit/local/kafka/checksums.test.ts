import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compareChecksums, formatChecksums, parseChecksums } from '../../../../local/kafka/checksums.ts';
import { checksumsPath, kafkaVersions, pomPath } from '../../../../local/kafka/versions.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);

describe('pinned checksums', () => {
  it('reads back what it writes, sorted by file', () => {
    const text = formatChecksums({ 'z.jar': a, 'b.jar': b });
    expect(text).toBe(`${b}  b.jar\n${a}  z.jar\n`);
    expect(parseChecksums(text)).toEqual({ 'b.jar': b, 'z.jar': a });
  });

  it.each([`${a} one-space.jar`, 'short  x.jar', `${a}  ../up.jar`, `${a}  `])('refuses the line %j', (line) => {
    expect(() => parseChecksums(`${line}\n`)).toThrow('not a checksum line');
  });

  it('names every file that is missing, changed or unexpected', () => {
    expect(
      compareChecksums(
        { 'kept.jar': a, 'changed.jar': a, 'gone.jar': a },
        { 'kept.jar': a, 'changed.jar': b, 'new.jar': b },
      ),
    ).toEqual([
      `changed.jar has SHA-256 ${b}, pinned is ${a}`,
      'gone.jar is missing',
      'new.jar is not in the pinned list',
    ]);
  });

  it.each(kafkaVersions)('pins the broker and the tools of %s, which its pom names', async (version) => {
    const files = Object.keys(parseChecksums(await readFile(checksumsPath(version), 'utf8')));
    expect(files).toEqual(expect.arrayContaining([`kafka_2.13-${version}.jar`, `kafka-tools-${version}.jar`]));
    expect(await readFile(pomPath(version), 'utf8')).toContain(`<version>${version}</version>`);
  });
});

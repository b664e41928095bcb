import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** File name to lower-case hexadecimal SHA-256. */
export type ChecksumByFile = Readonly<Record<string, string>>;

/** Reads `sha256sum` lines. A line of any other shape throws, so that a damaged list never passes as a short one. */
export const parseChecksums = (text: string): ChecksumByFile =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, sum, file] = /^([0-9a-f]{64}) {2}([^/\s]+)$/.exec(line) ?? [];
        if (sum === undefined || file === undefined) throw new Error(`not a checksum line: ${JSON.stringify(line)}`);
        return [file, sum];
      }),
  );

/** Writes `sha256sum` lines, sorted by file, with a final line break. */
export const formatChecksums = (sums: ChecksumByFile): string =>
  Object.entries(sums)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([file, sum]) => `${sum}  ${file}\n`)
    .join('');

/** One sentence for each file that is missing, changed or unexpected; none where both sides are equal. */
export const compareChecksums = (pinned: ChecksumByFile, found: ChecksumByFile): string[] => [
  ...Object.entries(pinned).flatMap(([file, sum]) => {
    const actual = found[file];
    if (actual === undefined) return [`${file} is missing`];
    return actual === sum ? [] : [`${file} has SHA-256 ${actual}, pinned is ${sum}`];
  }),
  ...Object.keys(found)
    .filter((file) => pinned[file] === undefined)
    .map((file) => `${file} is not in the pinned list`),
];

/** SHA-256 of every file in a directory without sub-directories. */
export const fetchChecksums = async (directory: string): Promise<ChecksumByFile> => {
  const sums: Record<string, string> = {};
  // One after another: 50 MB take a tenth of a second, and two cores are soon needed by the brokers.
  for (const file of (await readdir(directory)).sort()) {
    sums[file] = createHash('sha256')
      .update(await readFile(join(directory, file)))
      .digest('hex');
  }
  return sums;
};

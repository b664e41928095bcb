import type { Readable } from 'node:stream';

/** One line that a function wrote, and when it arrived (milliseconds of `performance`). */
export type OutputLine = { readonly atMs: number; readonly text: string };

/** Gathers both streams line by line in the order of arrival; the last line may lack its end. */
export function createOutput(...streams: readonly (Readable | null)[]): { readonly lines: readonly OutputLine[] } {
  const lines: OutputLine[] = [];
  for (const stream of streams) {
    if (stream === null) continue;
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const text of parts) lines.push({ atMs: performance.now(), text: text.replaceAll('\r', '\n') });
    });
    stream.on('end', () => {
      if (rest !== '') lines.push({ atMs: performance.now(), text: rest.replaceAll('\r', '\n') });
    });
  }
  return { lines };
}

import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draw } from '../../support/depth.ts';
import { isListening, processesOf, startDrill } from '../../support/drill/drill.ts';
import { eventually } from '../../support/eventually.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-drill-ends-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const stages = [
  ['brokers start', 'starting 3 brokers', ['healthy']],
  ['packaging', 'Packaging the functions', ['healthy']],
  ['a scenario runs', 'broker 2 is dead', ['broker-loss']],
  ['the world is kept', 'stays up until Ctrl-C', ['healthy', '--keep']],
] as const;

/** Each start costs half a minute of a core: every stage ends by one of the signals, in a deep check by either. */
const turns = [
  ['SIGINT', 'SIGKILL'],
  ['SIGKILL', 'SIGINT'],
] as const;

describe('a drill that ends early leaves no process, no port and no temporary folder', () => {
  it.each(
    draw(turns, 1).flatMap((signals) =>
      stages.map(([stage, sign, args], index) => ({
        s: signals[index % signals.length] ?? 'SIGKILL',
        stage,
        sign,
        args,
      })),
    ),
  )('by $s while $stage', async ({ s, sign, args }) => {
    const drill = await startDrill(folder, args);
    await drill.hasSaid(sign);
    const isKept = sign.startsWith('stays');
    if (isKept) await drill.hasSaid('invoke one');
    const ports = [...drill.said().matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    if (isKept) {
      expect(ports.length).toBeGreaterThanOrEqual(4);
      for (const port of ports) expect(await isListening(port)).toBe(true);
    }
    drill.child.kill(s);
    const { code, signal } = await drill.ended;
    if (s === 'SIGKILL') expect(signal).toBe('SIGKILL');
    else {
      expect(drill.said()).toContain('Stopping what was started');
      // A kept world has told its outcome already.
      expect(code).toBe(isKept ? 0 : 130);
    }
    await eventually(
      async () => {
        expect(processesOf(drill.temporaryFolder)).toEqual([]);
        expect(readdirSync(drill.temporaryFolder)).toEqual([]);
        for (const port of ports) expect(await isListening(port)).toBe(false);
      },
      { intervalMs: 200 },
    );
  });
});

/** The process of one part, so that the processor's time of all below it is the part's own: see run-apart.ts. */
import process from 'node:process';
import type { Choice, Part } from './parts.ts';
import { runScript } from './run-script.ts';

/** What run-apart.ts sends. @property root of the package.json; the project's own where it is absent */
export type PartOrder = { readonly part: Part; readonly choice: Choice; readonly root: string | undefined };

process.once('message', async ({ part, choice, root }: PartOrder) => {
  process.send?.(await runScript(part, choice, root), () => process.disconnect());
});

import type { CommandTable } from './dispatch.ts';

/** Every command, in the order of the help. */
export const commands: CommandTable = {};

import type { CommandTable } from './dispatch.ts';

/** Every command, in the order of the help. */
export const commands: CommandTable = {
  doctor: {
    summary: 'looks whether a cluster’s mskeeper can work, before and after a deploy',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  conformance: {
    summary: 'holds what mskeeper assumes of AWS against a real account; reads only',
    load: async () => (await import('./conformance.ts')).conformance,
  },
};

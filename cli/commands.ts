import type { CommandTable } from './dispatch.ts';

/** Every command, in the order of the help. */
export const commands: CommandTable = {
  doctor: {
    summary: 'looks whether a cluster’s mskeeper can work, before and after a deploy',
    load: async () => (await import('./doctor/doctor.ts')).doctor,
  },
  conformance: {
    summary: 'holds what mskeeper assumes of AWS against a real account; reads only',
    load: async () => (await import('./conformance/conformance.ts')).conformance,
  },
  history: {
    summary: 'shows what mskeeper did to a cluster, and what it would have done',
    load: async () => (await import('./history/history.ts')).history,
  },
  approve: {
    summary: 'answers what mskeeper asks a person before it acts',
    load: async () => (await import('./approve/approve.ts')).approve,
  },
  wake: {
    summary: 'wakes a procedure that acts, under your own name',
    load: async () => (await import('./wake/wake.ts')).wake,
  },
};

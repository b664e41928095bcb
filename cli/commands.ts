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
  incidents: {
    summary: 'shows what is wrong, who deals with it and who is called next',
    load: async () => (await import('./incidents/incidents.ts')).incidents,
  },
  ack: {
    summary: 'says that you deal with an incident',
    load: async () => (await import('./incidents/commanding.ts')).ack,
  },
  silence: {
    summary: 'says that nobody is to hear of an incident for a time',
    load: async () => (await import('./incidents/commanding.ts')).silence,
  },
  escalate: {
    summary: 'calls the next people of an incident’s ladder now',
    load: async () => (await import('./incidents/commanding.ts')).escalate,
  },
  resolve: {
    summary: 'says that an incident is over',
    load: async () => (await import('./incidents/commanding.ts')).resolve,
  },
};

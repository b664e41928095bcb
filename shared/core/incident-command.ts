/** What people ask of incident. */
export const incidentCommands = ['list', 'ack', 'silence', 'escalate', 'resolve', 'test'] as const;

/** The alias of incident's function by which they come: whoever may invoke it by that alone can send nothing else. */
export const commandsAlias = 'commands';

/** Nobody deals with a fault, or hears nothing of it, for longer without saying so again. */
export const mostForMinutes = 12 * 60;

/**
 * A command's own words, which whoever gives it signs.
 *
 * @property incidentId the incident's number among those of its cluster: `12`
 * @property forMinutes how long it holds, at most `mostForMinutes`; half an hour where it is absent
 */
export type CommandWords =
  | { readonly command: 'ack' | 'silence'; readonly incidentId: string; readonly forMinutes?: number }
  | { readonly command: 'escalate' | 'resolve'; readonly incidentId: string }
  | { readonly command: 'test' };

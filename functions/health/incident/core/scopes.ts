/** What a schedule may ask of incident, in the order of its schedules: a daily run does what a minute's does, and more. */
export const scopes = ['minute', 'daily'] as const;

export type Scope = (typeof scopes)[number];

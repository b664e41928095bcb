/** What a wake may ask of a check, in the order of its schedules: a full look does what a light one does, and more. */
export const scopes = ['light', 'full'] as const;

export type Scope = (typeof scopes)[number];

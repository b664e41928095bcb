/**
 * The runbook's page of a slug, as people read it in alarms and notices: one page a procedure, and one for mskeeper itself.
 * A path in this repository, since nobody knows where a user keeps his copy.
 */
export const runbookPageOf = (slug: string): string => `docs/runbook/${slug}.md`;

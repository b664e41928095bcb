/** `2026-11-21 10:00:00Z`: every time is UTC. */
export const utcOf = (atMs: number): string => new Date(atMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');

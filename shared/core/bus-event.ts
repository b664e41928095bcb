import type { Finding } from './finding.ts';

/** Who speaks: every event on the bus and every notice carries it. */
export type Speaker = { readonly cluster: string; readonly procedure: string; readonly runId: string };

/**
 * @property about what it is about beside its type, for an error that names it
 * @property resources ARNs of what the event is about
 */
export type BusEvent = {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly about?: string;
  readonly resources?: readonly string[];
};

/** An event of a run: the frame by which subscribers filter, and what it tells. */
export const busEventOf = (
  { cluster, procedure, runId }: Speaker,
  atMs: number,
  detailType: 'mskeeper finding' | 'mskeeper plan' | 'mskeeper report',
  body: Readonly<Record<string, unknown>>,
): BusEvent => ({ detailType, detail: { version: 1, cluster, procedure, runId, atMs, ...body } });

/** The event of one finding. */
export const findingEventOf = (speaker: Speaker, atMs: number, finding: Finding): BusEvent => ({
  ...busEventOf(speaker, atMs, 'mskeeper finding', { finding }),
  about: `${finding.check}, ${finding.subject}`,
});

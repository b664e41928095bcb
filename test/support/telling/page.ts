import type { Page } from '../../../shared/telling/core/page.ts';

/** A page of an incident, as a broker's loss makes it. */
export const page = (fields: Partial<Page> = {}): Page => ({
  cluster: 'orders',
  region: 'eu-west-1',
  accountId: '111122223333',
  incidentId: '12',
  severity: 'emergency',
  kind: 'opened',
  title: 'broker 2 is down',
  says: 'Broker 2 does not answer, and 12 partitions have no leader.',
  startedAtMs: Date.UTC(2026, 2, 1, 9),
  openedAtMs: Date.UTC(2026, 2, 1, 9, 1),
  atMs: Date.UTC(2026, 2, 1, 9, 1),
  answerByMs: Date.UTC(2026, 2, 1, 9, 16),
  facts: [
    { text: '12 partitions offline', source: 'brokers' },
    { text: 'topic payments: 3 offline', source: 'brokers' },
  ],
  moreFactCount: 0,
  tried: ['3 looks within 30 s'],
  nextCommand: 'npm run mskeeper -- ack orders 12',
  runbook: 'docs/runbook/cluster-health.md',
  contacts: ['SRE on call'],
  names: ['payments'],
  ...fields,
});

/** All texts of what is sent, whole and in pieces, JSON in JSON opened. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

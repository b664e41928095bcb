import { describe, expect, test } from 'vitest';
import { pageOf } from '../../../../../functions/health/incident/core/pages.ts';
import { heardOf } from '../../../../../functions/health/incident/hear.ts';
import { runIncident } from '../../../../../functions/health/incident/incident.ts';
import type { Finding } from '../../../../../shared/core/finding.ts';
import type { AlarmSubject } from '../../../../../shared/core/own-alarms.ts';
import type { AlarmWake } from '../../../../../shared/events/alarm.ts';
import type { BusWord } from '../../../../../shared/events/bus-events.ts';
import { at, nightMs } from '../../../../support/incident/builders.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { openIncidentWorld } from '../../../../support/incident/world.ts';
import { ownAlarmsOf } from '../../../../support/own-alarms.ts';

const away: Finding = {
  check: 'broker-answers',
  subject: 'broker 2',
  severity: 'critical',
  reason: 'timed-out',
  message: 'Broker 2 does not answer.',
  sources: ['brokers'],
  evidence: {},
};
const rebooting: Finding = {
  check: 'cluster-state',
  subject: 'cluster',
  severity: 'notice',
  reason: 'rebooting-broker',
  message: 'MSK is rebooting a broker.',
  sources: ['msk'],
  evidence: {},
};

/** A look's word about one of its findings, with what it found in all. */
const said = (finding: Finding, found: readonly Finding[]): BusWord => ({
  kind: 'finding',
  eventId: 'event-1',
  detail: {
    version: 1,
    cluster: 'orders',
    procedure: 'cluster-health',
    runId: 'run-1',
    atMs: nightMs,
    change: 'opened',
    sinceMs: nightMs,
    key: `${finding.check}|${finding.subject}`,
    finding,
    diagnosis: {
      at: new Date(nightMs).toISOString(),
      depth: 'light',
      worst: 'critical',
      sources: {},
      affected: {},
      findings: found,
      moreFindingCount: 0,
      next: 'look',
    },
  },
});
const own = ownAlarmsOf({});

describe('an alarm that says of which group or topic it is', () => {
  const listed = (rule: string, subject: AlarmSubject, sentence: string) => ({
    name: `mskeeper/orders/consumer-lag/${rule}/critical/${Object.values(subject).join('-')}`,
    rule,
    wakes: ['incident'],
    sentence,
    subject,
  });
  const alarms = [
    listed('lag-messages', { group: 'billing', topic: 'orders' }, 'group billing is behind on topic orders.'),
    listed('lag-seconds', { group: 'billing', topic: 'refunds' }, 'group billing is late on topic refunds.'),
    listed('lag-messages', { group: 'payments', topic: 'orders' }, 'group payments is behind on topic orders.'),
    listed('low-traffic', { topic: 'orders.v2' }, 'topic orders.v2 takes less than 9 messages a second.'),
    { name: 'mskeeper/orders/cluster-health/cpu-used/critical/brokers-1-to-10', rule: 'cpu-used', wakes: ['incident'] },
  ];
  const fire = ({ name: alarmName, rule }: { readonly name: string; readonly rule: string }): AlarmWake => ({
    kind: 'alarm',
    eventId: alarmName,
    alarmName,
    rule,
    state: 'ALARM',
    changedAtMs: nightMs,
    reason: 'threshold',
    accountId: own.accountId,
    region: own.region,
    alarmArn: `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${alarmName}`,
  });

  test('makes an incident of each group, whose title, command and facts name it', async () => {
    const world = openIncidentWorld(() => usualRules, nightMs);
    const heard = heardOf(alarms.map(fire), { ...own, alarms });
    const { document } = await runIncident(heard, () => usualRules, world.ports());
    const pages = document.incidents.map((one) =>
      pageOf(one, { kind: 'opened', says: 'New.' }, usualRules.frame, [], [], nightMs),
    );
    expect(
      pages.map(({ title, nextCommand, facts, names }) => [title, nextCommand.split('--').at(-1), facts.length, names]),
    ).toEqual([
      ['group billing is behind', 'group billing', 2, ['billing', 'orders', 'refunds']],
      ['group payments is behind', 'group payments', 1, ['payments', 'orders']],
      ['topic orders.v2 is not as it should be', 'topic orders.v2', 1, ['orders.v2']],
      ['a broker is overloaded', expect.any(String), 1, []],
    ]);
  });
});

describe('what a look makes of all that it found', () => {
  const copies: Finding = { ...away, check: 'under-replicated', subject: 'cluster', reason: 'present' };
  const withDiagnosis = (finding: Finding, found: readonly Finding[], suspected?: string): BusWord => {
    const word = said(finding, found);
    if (word.kind !== 'finding' || word.detail.diagnosis === undefined) return word;
    const change = finding.severity === 'ok' ? 'closed' : 'opened';
    const diagnosis = { ...word.detail.diagnosis, ...(suspected !== undefined && { suspected }) };
    return { ...word, detail: { ...word.detail, change, diagnosis } };
  };
  const keptOf = (word: BusWord) => [...heardOf([word], own).diagnoses.values()];

  test('is about the fault that it proves', () => {
    expect(keptOf(withDiagnosis(copies, [copies, away], 'broker 2 is down'))).toMatchObject([
      { next: 'look', of: 'broker 2 is down' },
    ]);
  });
  test('keeps the names that stand in it', () => {
    const word = withDiagnosis(copies, [copies]);
    if (word.kind !== 'finding' || word.detail.diagnosis === undefined) throw new Error('no diagnosis');
    const named = [{ topic: 'orders.payments', partition: 3 }];
    const diagnosis = { ...word.detail.diagnosis, underReplicated: { count: 1, named } };
    expect(keptOf({ ...word, detail: { ...word.detail, diagnosis, names: ['elsewhere'] } })).toMatchObject([
      { affected: ['1 partitions under-replicated: orders.payments-3'], names: ['orders.payments'] },
    ]);
  });
  test('is about its worst finding where it proves none', () => {
    expect(keptOf(withDiagnosis(copies, [copies]))).toMatchObject([{ next: 'look', of: 'copies are missing' }]);
  });
  test('is about nothing where nothing was found', () => {
    expect(keptOf(withDiagnosis(copies, []))[0]).not.toHaveProperty('of');
  });
  test('is about all else where a finding is over, so that nothing of it is kept', () => {
    const over: Finding = { ...copies, severity: 'ok', reason: 'none' };
    expect(keptOf(withDiagnosis(over, [away], 'broker 2 is down'))).toEqual([]);
    expect(heardOf([withDiagnosis(over, [rebooting])], own).words.map(({ check }) => check)).toEqual([
      'under-replicated',
      'cluster-state',
    ]);
  });
});
const paged = async (...batches: readonly (readonly BusWord[])[]): Promise<readonly string[]> => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  for (const batch of batches) await runIncident(heardOf(batch, own), () => usualRules, world.ports());
  world.nowMs = at(3);
  await world.run();
  return world.received.map(({ endpoint }) => endpoint);
};

describe('a broker that MSK restarts', () => {
  const found = [away, rebooting];
  test.each([
    ['first', [[said(rebooting, found)], [said(away, found)]]],
    ['last', [[said(away, found)], [said(rebooting, found)]]],
    ['together', [[said(away, found), said(rebooting, found)]]],
    ['never', [[said(away, found)]]],
  ])('pages nobody, where MSK’s word comes %s', async (_when, batches) => {
    expect(await paged(...batches)).toEqual([]);
  });

  test('pages at once where the look found no work of MSK’s', async () => {
    expect(await paged([said(away, [away])])).toEqual(['on-call', 'chat']);
  });
});

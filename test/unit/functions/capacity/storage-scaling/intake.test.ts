import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Spoken } from '../../../../../functions/capacity/storage-scaling/core/spoken.ts';
import { summaryOf, takeIn } from '../../../../../functions/capacity/storage-scaling/intake.ts';
import type { IntakePorts } from '../../../../../functions/capacity/storage-scaling/intake-ports.ts';
import type { SwitchVersion } from '../../../../../shared/acting/core/switch-change.ts';
import { DependencyError, NotToldError, readDone } from '../../../../../shared/core/errors.ts';
import type { ParameterOperation } from '../../../../../shared/core/parameter-change.ts';
import { unnamedPerson } from '../../../../../shared/durable/approval.ts';
import {
  type EpisodeDocument,
  episodeDocument,
  type RunEnd,
  type RunStatus,
} from '../../../../../shared/durable/episode.ts';
import { digestOfWake } from '../../../../../shared/durable/wake-digest.ts';
import type { IntakeEvent } from '../../../../../shared/events/intake.ts';
import { redactValue } from '../../../../../shared/text/redaction.ts';
import { cases } from '../../../../support/depth.ts';
import { proofBy, proveByName } from '../../../../support/durable/proof.ts';
import { kafkaName, namesLikeSecrets } from '../../../../support/names.ts';

const nowMs = Date.UTC(2026, 2, 1, 9);
const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/6f8a2c1e-0000-4000-8000-000000000000-2';
const alarmOf = (state: 'ALARM' | 'OK'): IntakeEvent => ({
  kind: 'alarm',
  eventId: 'event-1',
  alarmName: 'mskeeper/orders/storage-scaling/disk/warning',
  alarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mskeeper/orders/storage-scaling/disk/warning',
  accountId: '111122223333',
  region: 'eu-west-1',
  state,
  reason: 'above',
  changedAtMs: nowMs,
  subject: { kind: 'metric', metrics: [] },
});
const personOf = (requestedBy?: string): IntakeEvent => ({
  kind: 'manual',
  procedure: 'storage-scaling',
  scope: 'light',
  ...(requestedBy !== undefined && { requestedBy }),
});
const ended = {
  kind: 'run-ended',
  eventId: 'event-2',
  executionName: 'orders-storage-scaling-4',
  executionArn: 'arn:…/durable-execution/orders-storage-scaling-4/1',
} as const satisfies IntakeEvent;
const end: RunEnd = { status: 'TIMED_OUT', startedAtMs: nowMs - 60_000, endedAtMs: nowMs };

function portsWith(status: RunStatus = 'unknown', more: Partial<IntakePorts> = {}) {
  const sent: { readonly name: string; readonly payload: unknown }[] = [];
  const spoken: (Spoken & { readonly atMs: number })[] = [];
  const ports: IntakePorts = {
    cluster: 'orders',
    clusterArn,
    proveCaller: proveByName,
    configuration: 'reviewed-2',
    nowMs: () => nowMs,
    fetchEpisode: async () => ({
      value: { version: 1, episode: 4, openedAtMs: nowMs - 60_000, openedBy: 'forecast' },
      etag: 'a',
    }),
    applyEpisode: async () => ({ etag: 'b' }),
    fetchRunStatus: async () => status,
    fetchNewestRun: async () => undefined,
    killSwitch: '/mskeeper/kill-switch',
    fetchSwitchVersions: async () => [],
    fetchExecution: async () => end,
    fetchAlarms: async () => [],
    fetchLastRun: async () => undefined,
    noteScheduledRun: () => undefined,
    applyStart: async (name, payload) => {
      sent.push({ name, payload: JSON.parse(payload) });
      return 'accepted';
    },
    publish: async (said, atMs) => void spoken.push(...said.map((one) => ({ ...one, atMs }))),
    ...more,
  };
  return { ports, sent, spoken };
}

/** The faults that were told, and how. */
const faultsIn = (spoken: readonly Spoken[]) =>
  spoken.flatMap((one) => (one.kind === 'finding' ? [{ change: one.news.change, finding: one.news.finding }] : []));
const noticesIn = (spoken: readonly Spoken[]) => spoken.flatMap((one) => (one.kind === 'notice' ? [one.notice] : []));

describe('what starts a run', () => {
  test('an alarm, after the last run ended, opens the next episode and says who opened it', async () => {
    const { ports, sent } = portsWith('ended');
    expect(await takeIn(alarmOf('ALARM'), ports)).toEqual({
      event: 'alarm',
      outcome: 'started',
      openedBy: 'mskeeper/orders/storage-scaling/disk/warning',
      executionName: 'orders-storage-scaling-5',
      episode: 5,
    });
    expect(sent).toEqual([
      {
        name: 'orders-storage-scaling-5',
        payload: {
          version: 1,
          cluster: 'orders',
          episode: 5,
          openedAtMs: nowMs,
          openedBy: 'mskeeper/orders/storage-scaling/disk/warning',
        },
      },
    ]);
  });

  test('while a run is under way everything joins it and starts nothing', async () => {
    for (const event of [
      alarmOf('ALARM'),
      personOf('alice'),
      { kind: 'forecast', eventId: 'e', cluster: 'orders' } as const,
    ]) {
      const { ports, sent } = portsWith('running');
      expect(await takeIn(event, ports)).toMatchObject({ outcome: 'joined', episode: 4 });
      expect(sent).toEqual([]);
    }
  });

  test('a run that began with another configuration is not joined: a new episode takes its place', async () => {
    const began = (configuration: string | undefined) => ({
      value: {
        version: 1 as const,
        episode: 4,
        openedAtMs: nowMs - 60_000,
        openedBy: 'forecast',
        ...(configuration !== undefined && { configuration }),
      },
      etag: 'a',
    });
    const written: unknown[] = [];
    const { ports, sent } = portsWith('running', {
      fetchEpisode: async () => began('reviewed-1'),
      applyEpisode: async (document) => written.push(document),
    });
    expect(await takeIn(personOf('alice'), ports)).toMatchObject({ outcome: 'started', episode: 5 });
    expect(written).toEqual([expect.objectContaining({ episode: 5, configuration: 'reviewed-2' })]);
    expect(sent[0]?.payload).not.toHaveProperty('configuration');
    for (const same of ['reviewed-2', undefined]) {
      const joining = portsWith('running', { fetchEpisode: async () => began(same) });
      expect(await takeIn(personOf('alice'), joining.ports)).toMatchObject({ outcome: 'joined', episode: 4 });
    }
  });

  test('a start that was lost is made up for with the bytes of the episode, whoever comes', async () => {
    const { ports, sent } = portsWith('unknown');
    await takeIn(personOf('bob'), ports);
    expect(sent[0]?.payload).toMatchObject({ episode: 4, openedAtMs: nowMs - 60_000, openedBy: 'forecast' });
  });

  test('an alarm that is over is noted and starts nothing', async () => {
    const { ports, sent } = portsWith('ended');
    expect(await takeIn(alarmOf('OK'), ports)).toEqual({ event: 'alarm', outcome: 'noted' });
    expect(sent).toEqual([]);
  });

  test('a forecast opens an episode as the forecast', async () => {
    const { ports } = portsWith('ended');
    expect(await takeIn({ kind: 'forecast', eventId: 'e', cluster: 'orders' }, ports)).toMatchObject({
      event: 'forecast',
      outcome: 'started',
      openedBy: 'forecast',
    });
  });

  /** The episode as the bucket gives it back, beside the bytes that the run was started with. */
  const openBy = async (event: IntakeEvent) => {
    const kept: unknown[] = [];
    const { ports, sent } = portsWith('ended', {
      applyEpisode: async (document) => {
        kept.push(JSON.parse(JSON.stringify(redactValue(document))));
      },
    });
    const { openedBy } = await takeIn(event, ports);
    const { configuration: _, ...document } = episodeDocument.parse(kept[0]);
    expect(sent.map(({ payload }) => payload)).toEqual([{ ...document, cluster: 'orders' }]);
    expect(document.openedBy).toBe(openedBy);
    return openedBy;
  };

  test('an alarm and a person are kept by the letter, whatever their names look like, in the same bytes everywhere', async () => {
    const name = fc.oneof(kafkaName, fc.constantFrom(...namesLikeSecrets, 'arn:aws:iam::111122223333:user/alice'));
    await fc.assert(
      fc.asyncProperty(name, async (one) => {
        const alarmName = `mskeeper/orders/storage-scaling/lag/${one}`.slice(0, 255);
        expect(await openBy({ ...alarmOf('ALARM'), alarmName } as IntakeEvent)).toBe(alarmName);
        const person = one.slice(0, 200);
        expect(await openBy(personOf(person))).toBe(person);
      }),
    );
  });

  test('what a person wrote instead of a name is a text, and comes in without secrets', async () => {
    const password = ['hunter', '2'].join('');
    expect(await openBy(personOf(`me, password=${password}`))).toBe('me, password=[redacted]');
    expect(await openBy(personOf(`password=${password}`))).toBe('password=[redacted]');
    expect(await openBy(personOf('call +1 555 010 0123'))).toBe('call [redacted telephone]');
  });

  test.each([
    ['alice', 'alice'],
    [' alice ', 'alice'],
    ['alice@example.com', 'alice'],
    [undefined, unnamedPerson],
    [' @example.com', unnamedPerson],
  ])('a person who says %s is kept as %s', async (requestedBy, openedBy) => {
    const { ports } = portsWith('ended');
    expect(await takeIn(personOf(requestedBy), ports)).toMatchObject({ openedBy });
  });

  test('what Lambda or the bucket refuses is thrown, so that the event comes again', async () => {
    const denied = async () => {
      throw new DependencyError('lambda:Invoke', 'denied', 'no');
    };
    await expect(takeIn(personOf('alice'), portsWith('ended', { applyStart: denied }).ports)).rejects.toThrow(
      'lambda:Invoke',
    );
    await expect(takeIn(personOf('alice'), portsWith('ended', { fetchEpisode: denied }).ports)).rejects.toThrow(
      'lambda:Invoke: no',
    );
  });
});

test('the log line says who woke it, and which run it started', () => {
  const started = {
    outcome: 'started',
    openedBy: 'alice',
    executionName: 'orders-storage-scaling-5',
    episode: 5,
  } as const;
  expect(summaryOf({ event: 'manual', ...started })).toEqual({
    observation: { event: 'manual', openedBy: 'alice' },
    decision: { executionName: 'orders-storage-scaling-5', episode: 5 },
    outcome: 'started',
  });
  expect(summaryOf({ event: 'alarm', outcome: 'noted' })).toEqual({
    observation: { event: 'alarm' },
    decision: {},
    outcome: 'noted',
  });
});

describe('a run that ended badly', () => {
  test('is a critical fault, with the run’s name, and starts nothing; nobody deals with the disk any more', async () => {
    const { ports, sent, spoken } = portsWith();
    expect(await takeIn(ended, ports)).toEqual({
      event: 'run-ended',
      outcome: 'notified',
      executionName: 'orders-storage-scaling-4',
    });
    expect(noticesIn(spoken)).toMatchObject([{ severity: 'notice', dealing: { fault: 'disk', isOver: true } }]);
    expect(faultsIn(spoken)).toMatchObject([{ change: 'opened' }]);
    expect(faultsIn(spoken)[0]?.finding).toMatchObject({
      check: 'durable-run',
      severity: 'critical',
      reason: 'timed-out',
      subject: 'run orders-storage-scaling-4',
      evidence: { durationMs: 60_000 },
    });
    expect(sent).toEqual([]);
  });

  test.each([
    ['FAILED', 'failed', 'The run orders-storage-scaling-4 failed before it was done'],
    ['TIMED_OUT', 'timed-out', 'The run orders-storage-scaling-4 timed out before it was done'],
    ['STOPPED', 'stopped', 'The run orders-storage-scaling-4 was stopped by somebody before it was done'],
  ] as const)('by %s is told whole, at the time of its end', async (status, reason, words) => {
    const fetchExecution = async () => ({ ...end, status });
    const { ports, spoken } = portsWith('unknown', { fetchExecution });
    await takeIn(ended, ports);
    const finding = {
      check: 'durable-run',
      subject: 'run orders-storage-scaling-4',
      severity: 'critical',
      reason,
      message: expect.stringContaining(words),
      sources: ['mskeeper'],
      evidence: {
        executionArn: ended.executionArn,
        durationMs: 60_000,
        endedAt: '2026-03-01T09:00:00.000Z',
      },
    };
    expect(spoken[0]).toEqual({ kind: 'finding', news: { change: 'opened', sinceMs: nowMs, finding }, atMs: nowMs });
  });

  test('is told with the error that ended it, where Lambda has one of AWS’s words or ours', async () => {
    const why = 'DependencyError: s3:PutObject: denied: no';
    const { ports, spoken } = portsWith('unknown', { fetchExecution: async () => ({ ...end, status: 'FAILED', why }) });
    await takeIn(ended, ports);
    expect(faultsIn(spoken).map(({ finding }) => finding.message)).toEqual([
      expect.stringContaining(`nobody watches what it began. It ended with: ${why}. Look at`),
    ]);
  });

  test('that did all it was to do and could not tell it is told as that: nothing is left to watch', async () => {
    const done = readDone('NotToldError', new NotToldError('expanded', ['events:PutEvents: denied: no']).message);
    expect(done).toEqual({ outcome: 'expanded', message: 'not told: events:PutEvents: denied: no' });
    expect(readDone('DependencyError', '[expanded] not told: events:PutEvents')).toBeUndefined();
    expect(readDone('NotToldError', 'not told')).toBeUndefined();
    const run = { ...end, status: 'FAILED' as const, why: done?.message ?? '', doneAs: done?.outcome ?? '' };
    const { ports, spoken } = portsWith('unknown', { fetchExecution: async () => run });
    await takeIn(ended, ports);
    for (const { finding } of faultsIn(spoken)) {
      expect(finding).toMatchObject({ check: 'durable-run', reason: 'done-untold', severity: 'critical' });
      expect(finding.message).toMatch(
        /did all that it was to do \(expanded\).*: not told: events:PutEvents: denied: no\./,
      );
      expect(finding.message).not.toMatch(/before it was done|nobody watches/);
    }
    expect(spoken).toHaveLength(1);
  });

  test.each([
    ['that Lambda does not know', undefined],
    ['that ended well', { ...end, status: 'SUCCEEDED' } as const],
  ])('by an event about a run %s is told to nobody', async (_what, seen) => {
    const { ports, spoken } = portsWith('unknown', { fetchExecution: async () => seen });
    expect(await takeIn(ended, ports)).toMatchObject({ outcome: 'noted' });
    expect(spoken).toEqual([]);
  });

  test.each([
    ['runs, by Lambda, is asked once more when the event comes again', async () => ({ status: 'RUNNING' }) as const],
    [
      'cannot be asked for is not believed',
      async () => Promise.reject(new DependencyError('lambda:Get', 'denied', 'no')),
    ],
  ])('that %s', async (_what, fetchExecution) => {
    const { ports, spoken } = portsWith('unknown', { fetchExecution });
    await expect(takeIn(ended, ports)).rejects.toThrow(DependencyError);
    expect(spoken).toEqual([]);
  });

  test.each([
    ['is a mistake of ours where the bus fails by one, and is not told as silence of AWS', new TypeError('a bug')],
    ['fails where the bus took nothing', new DependencyError('events:PutEvents', 'throttled', 'too fast')],
  ])('%s', async (_what, error) => {
    const publish = async () => {
      throw error;
    };
    await expect(takeIn(ended, portsWith('unknown', { publish }).ports)).rejects.toThrow(error);
  });
});

describe('a kill switch that was changed', () => {
  const versions: readonly SwitchVersion[] = [
    { version: 2, says: 'on', changedAtMs: nowMs, changedBy: 'arn:aws:iam::111122223333:user/alice' },
    { version: 1, says: 'off', changedAtMs: 0, changedBy: 'arn:aws:iam::111122223333:user/bob' },
  ];
  const heard = async (
    operation: ParameterOperation,
    fetchSwitchVersions: IntakePorts['fetchSwitchVersions'],
    eventId = 'e',
  ) => {
    const { ports, spoken, sent } = portsWith('running', { fetchSwitchVersions });
    const answer = await takeIn({ kind: 'kill-switch', eventId, operation }, ports);
    expect(sent).toEqual([]);
    const [notice] = noticesIn(spoken);
    const faults = faultsIn(spoken).map(({ change, finding }) => `${change} ${finding.check}|${finding.subject}`);
    const message = notice?.headline ?? faultsIn(spoken)[0]?.finding.message;
    return { outcome: answer.outcome, message, key: notice?.key, severity: notice?.severity, faults };
  };
  const fault = 'kill-switch|kill switch /mskeeper/kill-switch';

  test('is a critical notice, with who, when, and from what to what, and ends the fault that it may have been', async () => {
    const { message, severity, faults } = await heard('Update', async () => versions);
    expect([severity, faults]).toEqual(['critical', [`closed ${fault}`]]);
    expect(message).toBe(
      'The kill switch /mskeeper/kill-switch was changed from off to on by arn:aws:iam::111122223333:user/alice at 2026-03-01T09:00:00.000Z: nothing acts from now on.',
    );
  });

  test.each<[string, ParameterOperation, IntakePorts['fetchSwitchVersions'], string, readonly string[]]>([
    ['deleted', 'Delete', async () => [], 'does not exist any more, so nothing acts', [`opened ${fault}`]],
    [
      'made',
      'Create',
      async () => versions.slice(1).map((one) => ({ ...one, changedAtMs: nowMs })),
      'was made and says off',
      [`closed ${fault}`],
    ],
    [
      'changed, which cannot be read',
      'Update',
      async () => Promise.reject(new DependencyError('ssm:GetParameterHistory', 'denied', 'no')),
      'nobody can tell whether it was, what it says now or who did it (ssm:GetParameterHistory: no)',
      [],
    ],
    [
      'set to something else',
      'Update',
      async () => [{ version: 3, says: 'neither on nor off' }, ...versions],
      'nothing acts, since it says neither',
      [`opened ${fault}`],
    ],
  ])('or %s', async (_what, operation, fetchSwitchVersions, words, expected) => {
    const { message, faults } = await heard(operation, fetchSwitchVersions);
    expect(message).toContain(words);
    expect(faults).toEqual(expected);
  });

  test('is told to nobody for a label, which changes nothing and of which the parameter says nothing', async () => {
    for (const fetchSwitchVersions of [
      async () => versions,
      async () => [],
      async () => Promise.reject(new Error('asked')),
    ]) {
      const { outcome, message } = await heard('LabelParameterVersion', fetchSwitchVersions);
      expect([outcome, message]).toEqual(['noted', undefined]);
    }
  });

  test('is another word for each change and the same for an event that comes twice, and no word of the event’s is told', async () => {
    const unread = async () => Promise.reject(new DependencyError('ssm:GetParameterHistory', 'denied', 'no'));
    const third = async () => [{ version: 3, says: 'off' as const, changedAtMs: nowMs }, ...versions];
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), async (one, other) => {
        const [first, again, second] = await Promise.all([one, one, other].map((id) => heard('Update', unread, id)));
        expect(again).toEqual(first);
        expect(second?.key === first?.key).toBe(one === other);
        expect(first?.key).toMatch(
          /^orders\/kill-switch\/kill switch \/mskeeper\/kill-switch event [0-9a-f]{12}\/changed-unread$/,
        );
        // One that is gone is one fault, however often it is told.
        const gone = await heard('Delete', async () => [], one);
        expect(await heard('Delete', async () => [], other)).toEqual(gone);
        const known = await heard('Update', async () => versions, one);
        expect(await heard('Update', async () => versions, other)).toEqual(known);
        expect((await heard('Update', third, one)).key).not.toBe(known.key);
      }),
      cases(40, 2_000),
    );
  });

  test('is told to nobody where it was changed long ago: anybody may write an event', async () => {
    const old = versions.map((one) => ({ ...one, changedAtMs: nowMs - 25 * 3_600_000 }));
    expect(await heard('Update', async () => old)).toMatchObject({ outcome: 'noted', faults: [] });
  });
});

test('an episode’s document that was opened at a time that is still to come is followed by the next one, and that is told as a fault', async () => {
  for (const openedAtMs of [nowMs + 3 * 60_000, nowMs + 365 * 86_400_000, Date.UTC(9999, 0)]) {
    const { ports, spoken, sent } = portsWith('unknown', {
      fetchEpisode: async () => ({ value: { version: 1, episode: 4, openedAtMs, openedBy: 'forecast' }, etag: 'a' }),
    });
    expect(await takeIn(alarmOf('ALARM'), ports)).toEqual({
      event: 'alarm',
      outcome: 'started',
      openedBy: 'mskeeper/orders/storage-scaling/disk/warning',
      executionName: 'orders-storage-scaling-5',
      episode: 5,
    });
    expect(sent).toMatchObject([{ name: 'orders-storage-scaling-5', payload: { episode: 5, openedAtMs: nowMs } }]);
    const message = expect.stringMatching(
      /state\/storage-scaling\/orders\.json in the bucket\) said that it was opened at .*, which is still to come/,
    );
    const finding = { check: 'episode', severity: 'warning', reason: 'opened-ahead', message };
    expect(faultsIn(spoken)).toMatchObject([{ change: 'opened', finding }]);
  }
});

describe('an episode’s document that cannot be read', () => {
  const unreadable = async (): Promise<never> => {
    throw new DependencyError('s3:GetObject', 'bad-answer', 'bad answer: it is damaged');
  };

  test('is set aside, the count goes on from what Lambda knows, and that is told as a fault', async () => {
    const applied: unknown[] = [];
    const { ports, spoken } = portsWith('unknown', {
      fetchEpisode: unreadable,
      applyEpisode: async (document, condition) => applied.push([document.episode, condition]),
      fetchNewestRun: async () => ({ episode: 7, isRunning: false }),
    });
    expect(await takeIn(alarmOf('ALARM'), ports)).toMatchObject({ outcome: 'started', episode: 8 });
    expect(applied).toEqual([[8, 'always']]);
    expect(faultsIn(spoken).map(({ finding }) => [finding.check, finding.reason])).toEqual([['episode', 'unreadable']]);
  });

  test('is told by the next wake-ups until the bus took it, though the document can be read by then', async () => {
    let document: EpisodeDocument | undefined;
    let deaf = 2;
    const { ports, spoken } = portsWith('running', {
      fetchEpisode: async () => (document === undefined ? unreadable() : { value: document, etag: 'a' }),
      applyEpisode: async (next) => {
        document = next;
      },
      fetchNewestRun: async () => ({ episode: 7, isRunning: false }),
    });
    const own: IntakePorts = {
      ...ports,
      publish: async (said, atMs) => {
        deaf -= 1;
        if (deaf >= 0) throw new DependencyError('events:PutEvents', 'throttled', 'throttled');
        return ports.publish(said, atMs);
      },
    };
    await expect(takeIn(alarmOf('ALARM'), own)).rejects.toThrow('throttled');
    await expect(takeIn(alarmOf('ALARM'), own)).rejects.toThrow('throttled');
    expect(document).toMatchObject({ episode: 8, isUntold: true });
    expect(await takeIn(alarmOf('ALARM'), own)).toMatchObject({ outcome: 'joined', episode: 8 });
    expect(faultsIn(spoken).map(({ finding }) => finding.reason)).toEqual(['unreadable']);
    expect(document).not.toHaveProperty('isUntold');
    await takeIn(alarmOf('ALARM'), own);
    expect(faultsIn(spoken)).toHaveLength(1);
  });

  test('leads to the run that is under way, where there is one', async () => {
    const { ports, sent } = portsWith('running', {
      fetchEpisode: unreadable,
      fetchNewestRun: async () => ({ episode: 7, isRunning: true }),
    });
    expect(await takeIn(alarmOf('ALARM'), ports)).toMatchObject({ outcome: 'joined', episode: 7 });
    expect(sent).toEqual([]);
  });
});

test('whoever opened an episode fits its document, also where a text without its secrets is longer', async () => {
  const long = fc.constantFrom(
    'a@b.example '.repeat(16),
    '😀'.repeat(100),
    'x'.repeat(400),
    '+49 30 1234567 '.repeat(13),
  );
  await fc.assert(
    fc.asyncProperty(long, fc.nat({ max: 40 }), async (text, from) => {
      const documents: unknown[] = [];
      const { ports } = portsWith('ended', { applyEpisode: async (document) => documents.push(document) });
      await takeIn(personOf(text.slice(from)), ports);
      expect(episodeDocument.safeParse(documents[0]).error?.issues ?? []).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('who opened it is proven', () => {
  const alice = 'arn:aws:iam::111122223333:user/alice';
  const wakeId = '3f1c1b54-6a3e-4b0e-9a55-0d9b1a2c3d4e';
  const wakeBy = (arn: string, over = { clusterArn, procedure: 'storage-scaling', wakeId }): IntakeEvent => ({
    kind: 'manual',
    procedure: 'storage-scaling',
    scope: 'light',
    requestedBy: 'bob',
    signed: { wakeId, proof: proofBy(arn, digestOfWake(over)) },
  });
  const open = async (event: IntakeEvent, more: Partial<IntakePorts> = {}) => {
    const kept: EpisodeDocument[] = [];
    const { ports, sent } = portsWith('ended', { applyEpisode: async (one) => void kept.push(one), ...more });
    const answer = await takeIn(event, ports);
    return { answer, document: kept[0], payload: sent[0]?.payload };
  };

  test('by STS, of a person who signs: his ARN, whatever he calls himself, in the document and in the run', async () => {
    const { answer, document, payload } = await open(wakeBy(alice));
    expect(answer).toMatchObject({ outcome: 'started', openedBy: alice });
    expect(document).toMatchObject({ openedBy: alice, isOpenerProven: true, wakes: [{ id: wakeId, atMs: nowMs }] });
    expect(payload).toMatchObject({ openedBy: alice, isOpenerProven: true });
    expect(JSON.stringify([answer, document, payload])).not.toContain('AWS4-HMAC-SHA256');
  });

  test.each([
    [
      'the cluster of another account that is called alike',
      { clusterArn: clusterArn.replace('111122223333', '444455556666'), procedure: 'storage-scaling', wakeId },
    ],
    ['another procedure', { clusterArn, procedure: 'failover', wakeId }],
    ['another wake', { clusterArn, procedure: 'storage-scaling', wakeId: wakeId.replace('3f', '4f') }],
  ])('a signature over %s wakes nothing, and says so', async (_name, over) => {
    await expect(open(wakeBy(alice, over))).rejects.toThrow('nobody knows who wakes it');
  });

  const wakes = [
    { id: wakeId, atMs: nowMs - 29 * 60_000 },
    { id: 'later', atMs: nowMs },
  ];
  const episodeWith = (more: Partial<EpisodeDocument>) => ({
    fetchEpisode: async () => ({
      value: { version: 1 as const, episode: 6, openedAtMs: nowMs, openedBy: 'x', ...more },
      etag: 'a',
    }),
  });

  test('a signed wake of a session that a tool named proves nobody, opens nothing and counts for nothing', async () => {
    for (const name of [
      'aws-sdk-js-1700000000000',
      'botocore-session-1700000000',
      'i-0123456789abcdef0',
      '1700000000',
    ]) {
      const by = `arn:aws:sts::111122223333:assumed-role/on-call/${name}`;
      await expect(open(wakeBy(by), episodeWith({}))).rejects.toThrow('role_session_name');
    }
  });

  test('a signed wake counts once, whatever was opened since', async () => {
    await expect(open(wakeBy(alice), episodeWith({ wakes }))).rejects.toThrow('this wake counted before');
    const { document } = await open(personOf('bob'), episodeWith({ wakes }));
    expect(document).toMatchObject({ openedBy: 'bob', wakes });
    expect(document).not.toHaveProperty('isOpenerProven');
  });

  test.each(['running', 'unknown'] as const)('it counts also where it joins a run that is %s', async (status) => {
    const { document } = await open(wakeBy(alice), {
      ...episodeWith({ wakes: [{ id: 'earlier', atMs: nowMs }] }),
      fetchRunStatus: async () => status,
    });
    const counted = [
      { id: 'earlier', atMs: nowMs },
      { id: wakeId, atMs: nowMs },
    ];
    expect(document).toMatchObject({ episode: 6, openedBy: 'x', wakes: counted });
    expect(document).not.toHaveProperty('isOpenerProven');
    await expect(open(wakeBy(alice), episodeWith({ wakes: counted }))).rejects.toThrow('this wake counted before');
  });

  test('an unsigned wake that joins writes nothing', async () => {
    const { document } = await open(personOf('bob'), {
      ...episodeWith({ wakes }),
      fetchRunStatus: async () => 'running',
    });
    expect(document).toBeUndefined();
  });

  test('no wake is pushed out by others: where an hour has had a hundred, a further signed one is refused', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => ({ id: `wake ${index}`, atMs: nowMs - 59 * 60_000 }));
    await expect(open(wakeBy(alice), episodeWith({ wakes: hundred }))).rejects.toThrow('100 signed wakes');
    const past = hundred.map((wake, index) => (index === 0 ? { ...wake, atMs: nowMs - 3_600_000 } : wake));
    const { document } = await open(wakeBy(alice), episodeWith({ wakes: past }));
    expect(document?.wakes).toHaveLength(100);
    expect(document?.wakes?.at(-1)).toEqual({ id: wakeId, atMs: nowMs });
    expect(episodeDocument.safeParse(document).success).toBe(true);
  });

  test.each<[string, Partial<IntakePorts>, boolean]>([
    ['nobody ran before', { fetchEpisode: async () => undefined }, true],
    [
      'it is gone, though runs were',
      { fetchEpisode: async () => undefined, fetchNewestRun: async () => ({ episode: 3, isRunning: false }) },
      false,
    ],
    [
      'it cannot be read',
      {
        fetchEpisode: async () => {
          throw new DependencyError('s3:GetObject', 'bad-answer', 'bad answer: no JSON');
        },
      },
      false,
    ],
    ['it was lost 59 minutes ago', episodeWith({ wakesLostAtMs: nowMs - 59 * 60_000 }), false],
    ['it was lost an hour ago', episodeWith({ wakesLostAtMs: nowMs - 3_600_000 }), true],
  ])(
    'where the document of the wakes that counted says nothing, a signed one proves nobody: %s',
    async (_name, more, isProven) => {
      const { document, payload } = await open(wakeBy(alice), more);
      expect(document).toMatchObject({ openedBy: alice, wakes: [{ id: wakeId, atMs: nowMs }] });
      expect('isOpenerProven' in (document ?? {})).toBe(isProven);
      expect('isOpenerProven' in Object(payload)).toBe(isProven);
      expect(document?.wakesLostAtMs !== undefined).toBe(!isProven);
    },
  );

  test('a wake whose episode’s name is taken opens the next one, and was its own wake all the time', async () => {
    let document: EpisodeDocument | undefined;
    const starts = ['taken', 'accepted'] as const;
    let started = 0;
    const { ports } = portsWith('ended', {
      fetchEpisode: async () => document && { value: document, etag: 'a' },
      applyEpisode: async (one) => {
        document = one;
      },
      applyStart: async () => starts[started++] ?? 'accepted',
    });
    expect(await takeIn(wakeBy(alice), ports)).toMatchObject({ outcome: 'started', episode: 2 });
    expect(document?.wakes).toEqual([{ id: wakeId, atMs: nowMs }]);
  });

  const firing = (alarmName: string, state: 'ALARM' | 'OK'): Partial<IntakePorts> => ({
    fetchAlarms: async () => [{ name: alarmName, state, changedAtMs: nowMs - 10_000 }],
  });
  const own = 'mskeeper/orders/storage-scaling/disk/warning';
  const since = (changedAtMs: number | undefined, last?: Awaited<ReturnType<IntakePorts['fetchLastRun']>>) => ({
    fetchAlarms: async () => [
      { name: own, state: 'ALARM' as const, ...(changedAtMs !== undefined && { changedAtMs }) },
    ],
    ...(last && { fetchLastRun: async () => last }),
  });
  const ended = (endedAtMs?: number) => ({
    episode: 4,
    isRunning: false,
    ...(endedAtMs !== undefined && { endedAtMs }),
  });
  const unread = async () => Promise.reject(new DependencyError('s3:GetObject', 'denied', 'denied: no'));
  test.each<[string, Partial<IntakePorts>, boolean]>([
    ['is in ALARM', firing('mskeeper/orders/storage-scaling/disk/warning', 'ALARM'), true],
    ['went there after the last run ended', since(nowMs - 10_000, ended(nowMs - 20_000)), true],
    ['went there while a run of before is under way', since(nowMs - 10_000, { episode: 4, isRunning: true }), true],
    ['was there when the newest episode was opened', since(nowMs - 20 * 3_600_000), false],
    ['went there while the last run was under way', since(nowMs - 10_000, ended(nowMs - 5_000)), false],
    ['went there after a run whose end nobody knows', since(nowMs - 10_000, ended()), false],
    ['went there at a time that nobody tells', since(undefined), false],
    ['goes there at a time that is still to come', since(nowMs + 3_600_000), false],
    ['is in ALARM, where the last run cannot be asked for', { ...since(nowMs - 10_000), fetchLastRun: unread }, false],
    ['is not', firing('mskeeper/orders/storage-scaling/disk/warning', 'OK'), false],
    [
      'nobody has, though one that begins alike',
      firing('mskeeper/orders/storage-scaling/disk/warning/2', 'ALARM'),
      false,
    ],
    [
      'cannot be asked for',
      {
        fetchAlarms: async () => {
          throw new DependencyError('cloudwatch:DescribeAlarms', 'denied', 'denied: no');
        },
      },
      false,
    ],
  ])('by CloudWatch, of an alarm that %s', async (_name, more, isProven) => {
    const { document, payload } = await open(alarmOf('ALARM'), more);
    expect('isOpenerProven' in (document ?? {})).toBe(isProven);
    expect('isOpenerProven' in Object(payload)).toBe(isProven);
  });

  test('by CloudWatch once for each transition, whatever events somebody writes: the first opens, and no later one is proven', async () => {
    const minutes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(minutes, fc.boolean(), async (pauses, isPersonFirst) => {
        let document: EpisodeDocument | undefined;
        let atMs = nowMs;
        let last: Awaited<ReturnType<IntakePorts['fetchLastRun']>>;
        const { ports } = portsWith('ended', {
          ...since(nowMs - 10_000),
          nowMs: () => atMs,
          fetchEpisode: async () => document && { value: document, etag: 'a' },
          applyEpisode: async (one) => {
            document = one;
          },
          fetchLastRun: async () => last,
        });
        const proven: boolean[] = [];
        const wake = async (event: IntakeEvent) => {
          await takeIn(event, ports);
          if (event.kind === 'alarm') proven.push(document?.isOpenerProven === true);
        };
        if (isPersonFirst) await wake(personOf('alice'));
        for (const pause of pauses) {
          await wake(alarmOf('ALARM'));
          // Its run ends at once, and the alarm goes on firing.
          last = { episode: document?.episode ?? 0, isRunning: false, endedAtMs: atMs + 1_000 };
          atMs += pause * 60_000;
        }
        expect(proven.slice(1)).not.toContain(true);
        expect(proven[0]).toBe(!isPersonFirst);
      }),
      cases(40, 2_000),
    );
  });

  test('by nobody, of a forecast and of a name that somebody wrote', async () => {
    for (const event of [personOf('alice'), { kind: 'forecast', eventId: 'e', cluster: 'orders' } as const]) {
      expect((await open(event)).payload).not.toHaveProperty('isOpenerProven');
    }
  });
});

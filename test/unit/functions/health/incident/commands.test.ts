import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandRecord } from '../../../../../functions/health/incident/command-audit.ts';
import { type CommandPorts, runCommand } from '../../../../../functions/health/incident/commands.ts';
import type { CommandAnswer } from '../../../../../functions/health/incident/core/command-answer.ts';
import { findingWordKey, type Word } from '../../../../../functions/health/incident/core/words.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import type { CommandWords } from '../../../../../shared/core/incident-command.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { digestOfCommand, type SignedCommand } from '../../../../../shared/events/incident-command.ts';
import { proofBy, proveByName } from '../../../../support/durable/proof.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { type IncidentWorld, openIncidentWorld } from '../../../../support/incident/world.ts';

const startMs = Date.parse('2026-11-28T03:00:00Z');
const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/8c4b-4';
const alice = 'arn:aws:sts::111122223333:assumed-role/on-call/alice@example.com';
const mallory = 'arn:aws:sts::111122223333:assumed-role/guest/mallory';
const commandId = '3f1c1b54-6a3e-4b0e-9a55-0d9b1a2c3d4e';
const other = '00000000-6a3e-4b0e-9a55-0d9b1a2c3d4e';

let world: IncidentWorld;
let kept: { readonly record: CommandRecord; readonly wasDocument: string }[];
let changes: Partial<CommandPorts>;

const open = (): CommandPorts => ({
  ...world.ports(),
  cluster: 'orders',
  clusterArn,
  approverPrincipals: ['arn:aws:iam::111122223333:role/on-call'],
  proveCaller: proveByName,
  audit: {
    begin: async (record) => {
      if (kept.some((one) => one.record.commandId === record.commandId)) return undefined;
      kept.push({ record, wasDocument: JSON.stringify(world.document) });
      return { etag: '1' };
    },
    end: async (record) => {
      const at = kept.findIndex((one) => one.record.commandId === record.commandId);
      kept = kept.with(at, { record, wasDocument: kept[at]?.wasDocument ?? '' });
    },
  },
  ...changes,
});

const signedBy = (by: string, words: CommandWords, id = commandId): SignedCommand => ({
  commandId: id,
  proof: proofBy(by, digestOfCommand(words, { clusterArn, commandId: id })),
});

const command = async (words: CommandWords, by = alice, id = commandId): Promise<CommandAnswer> => {
  const { answer } = await runCommand(
    { kind: 'command', ...words, signed: signedBy(by, words, id) },
    () => usualRules,
    open(),
  );
  return answer;
};

const list = async () => {
  const { answer } = await runCommand({ kind: 'command', command: 'list' }, () => usualRules, open());
  if (answer.outcome !== 'listed') throw new Error(answer.outcome);
  return answer.listing;
};

const brokerDown = (says: Word['says'] = 'live'): Word => ({
  key: findingWordKey('cluster-health', 'broker-answers', 'broker 2'),
  by: 'finding',
  procedure: 'cluster-health',
  check: 'broker-answers',
  subject: 'broker 2',
  severity: 'critical',
  reason: 'no-answer',
  message: 'Broker 2 does not answer.',
  source: 'brokers',
  brokers: ['2'],
  sinceMs: world.nowMs,
  atMs: world.nowMs,
  says,
});

beforeEach(async () => {
  world = openIncidentWorld(() => usualRules, startMs);
  kept = [];
  changes = {};
  await world.run({ words: [brokerDown()] });
});

const pagedAfter = async (minutes: number): Promise<readonly string[]> => {
  const before = world.received.length;
  for (let minute = 0; minute < minutes; minute += 1) {
    world.nowMs += minuteMs;
    await world.run();
  }
  return world.received
    .slice(before)
    .filter(({ action }) => action === 'trigger')
    .map(({ endpoint }) => endpoint);
};

describe('what is listed', () => {
  test('needs nobody’s name, and changes nothing', async () => {
    changes = { approverPrincipals: [] };
    const before = JSON.stringify(world.document);
    const { open: incidents, ended } = await list();
    expect(incidents.map(({ id, title, severity }) => [id, title, severity])).toEqual([
      ['1', expect.stringContaining('broker 2'), 'critical'],
    ]);
    expect([ended, kept, JSON.stringify(world.document)]).toEqual([[], [], before]);
  });

  test('is nothing where nothing was ever heard of', async () => {
    world = openIncidentWorld(() => usualRules, startMs);
    expect(await list()).toEqual({ atMs: startMs, open: [], ended: [] });
  });

  test('has no opening that is still to come, whatever is written', async () => {
    const { document } = world;
    if (document === undefined) throw new Error('nothing was written');
    const openedAtMs = world.nowMs + 24 * 60 * minuteMs;
    world.document = { ...document, incidents: document.incidents.map((one) => ({ ...one, openedAtMs })) };
    expect((await list()).open).toMatchObject([{ openedAtMs: startMs }]);
  });

  test('has what a pager says just now, and goes without where it says nothing', async () => {
    world.pagerWord = { status: 'acknowledged', by: 'bob' };
    expect((await list()).open[0]?.pager).toMatchObject({ status: 'acknowledged', by: 'bob' });
    changes = {
      fetchPagerWord: async () => {
        throw new DependencyError('pagerduty:incidents', 'timed-out', 'timed-out');
      },
    };
    expect((await list()).open[0]).not.toHaveProperty('pager');
    expect(world.problems.join()).toContain('could not be asked who answered');
  });
});

describe('an acknowledgement', () => {
  test('stops the ladder under the name that STS gives, for as long as it says', async () => {
    const answer = await command({ command: 'ack', incidentId: '1', forMinutes: 45 });
    const untilMs = startMs + 45 * minuteMs;
    expect(answer).toMatchObject({
      outcome: 'done',
      by: 'alice',
      says: expect.stringContaining(`alice deals with it until ${new Date(untilMs).toISOString()}`),
      incident: {
        id: '1',
        acknowledgement: { by: 'alice', untilMs, severity: 'critical' },
        nextRung: { atMs: untilMs, isHeldBack: true, raisesTo: 'emergency' },
      },
    });
    expect(await pagedAfter(44)).toEqual([]);
    expect(await pagedAfter(1)).toEqual(expect.arrayContaining(['phone', 'text']));
  });

  test('is in the audit before it takes effect, with its end after', async () => {
    const before = JSON.stringify(world.document);
    await command({ command: 'ack', incidentId: '1' });
    expect(kept).toEqual([
      {
        wasDocument: before,
        record: {
          version: 1,
          cluster: 'orders',
          procedure: 'incident',
          commandId,
          command: 'ack',
          incidentId: '1',
          by: alice,
          askedAtMs: startMs,
          execution: 'run-2',
          end: { atMs: startMs, outcome: 'done', message: expect.stringContaining('alice deals with it') },
        },
      },
    ]);
    expect(JSON.stringify(world.document)).not.toBe(before);
  });

  test('that nobody could keep is not done', async () => {
    const refuse = async () => {
      throw new DependencyError('s3:PutObject', 'denied', 'denied');
    };
    changes = { audit: { begin: refuse, end: refuse } };
    const before = JSON.stringify(world.document);
    expect(await command({ command: 'ack', incidentId: '1' })).toMatchObject({
      outcome: 'refused',
      because: 'not-kept',
    });
    expect(JSON.stringify(world.document)).toBe(before);
  });

  test('that was done is done, though its end could not be kept', async () => {
    const { audit } = open();
    const end = async () => {
      throw new DependencyError('s3:PutObject', 'throttled', 'throttled');
    };
    changes = { audit: { ...audit, end } };
    expect(await command({ command: 'ack', incidentId: '1' })).toMatchObject({ outcome: 'done' });
    expect(world.problems.join()).toContain('how a command ended could not be kept');
  });

  test('whose run fails is kept as failed, and the failure is the caller’s', async () => {
    changes = {
      applyDocument: async () => {
        throw new DependencyError('s3:PutObject', 'denied', 'denied');
      },
    };
    await expect(command({ command: 'ack', incidentId: '1' })).rejects.toThrow('s3:PutObject: denied');
    expect(kept[0]?.record.end).toMatchObject({ outcome: 'failed', message: expect.stringContaining('denied') });
  });
});

test('more help goes out at once, and says so where nobody is left', async () => {
  expect(await command({ command: 'escalate', incidentId: '1' })).toMatchObject({
    outcome: 'done',
    says: 'alice asked for more help: the next step of the ladder goes out now.',
    incident: { severity: 'emergency' },
  });
  expect(world.received.map(({ endpoint }) => endpoint)).toEqual(expect.arrayContaining(['phone', 'text']));
  const [called] = world.document?.outbox.filter(({ destination }) => destination.lane === 'phone') ?? [];
  expect(called).toMatchObject({ kind: 'raised', says: 'alice asked for more help. It is P0 now.' });
  expect(called).not.toHaveProperty('rung');
  for (const id of ['11111111', '22222222', '33333333'])
    await command({ command: 'escalate', incidentId: '1' }, alice, other.replace('00000000', id));
  const last = await command({ command: 'escalate', incidentId: '1' }, alice, other);
  expect(last).toMatchObject({
    says: 'alice asked for more help: everybody whom the ladder calls was called already.',
  });
  expect(last).not.toHaveProperty('incident.nextRung');
});

test('what is called over while it goes on stays listed, by whom', async () => {
  const answer = await command({ command: 'resolve', incidentId: '1' });
  expect(answer).toMatchObject({ outcome: 'done', incident: { resolution: { by: 'alice' }, liveCount: 1 } });
  expect(await pagedAfter(40)).toEqual([]);
});

describe('a command counts for nothing', () => {
  /** What incident knows and what people were paged are what they were; `told` says what they hear of it. */
  const expectNothingDone = async (given: Promise<CommandAnswer>): Promise<CommandAnswer> => {
    const before = JSON.stringify(world.document?.incidents);
    const answer = await given;
    expect(JSON.stringify(world.document?.incidents)).toBe(before);
    return answer;
  };
  const toldOf = () => world.received.filter(({ key }) => key.startsWith('command-refused/'));

  test('where nobody may give one, with what to do', async () => {
    changes = { approverPrincipals: [] };
    expect(await expectNothingDone(command({ command: 'ack', incidentId: '1' }))).toEqual({
      outcome: 'refused',
      because: 'no-approvers',
      why: expect.stringContaining('approverPrincipals of mskeeper.yml'),
    });
    expect([kept, toldOf()]).toEqual([[], []]);
  });

  test.each<[string, (signed: SignedCommand) => SignedCommand]>([
    ['another command', () => signedBy(alice, { command: 'ack', incidentId: '1' })],
    ['another incident', () => signedBy(alice, { command: 'silence', incidentId: '2' })],
    ['fewer minutes', () => signedBy(alice, { command: 'silence', incidentId: '1', forMinutes: 5 })],
    ['another id', ({ proof }) => ({ commandId: other, proof })],
  ])('where %s was signed; people hear of it', async (_what, forge) => {
    const words = { command: 'silence', incidentId: '1', forMinutes: 720 } as const;
    const given = runCommand(
      { kind: 'command', ...words, signed: forge(signedBy(alice, words)) },
      () => usualRules,
      open(),
    );
    expect(await expectNothingDone(given.then(({ answer }) => answer))).toMatchObject({
      outcome: 'refused',
      because: 'unproven',
    });
    expect(kept).toEqual([]);
    expect(toldOf().map(({ endpoint, action }) => [endpoint, action])).toEqual([['chat', 'notice']]);
  });

  test('on another cluster', async () => {
    changes = { clusterArn: `${clusterArn}-2` };
    expect(await expectNothingDone(command({ command: 'resolve', incidentId: '1' }))).toMatchObject({
      because: 'unproven',
    });
  });

  test('of somebody who may not: it is kept under his name, and people hear of it', async () => {
    expect(await expectNothingDone(command({ command: 'silence', incidentId: '1' }, mallory))).toMatchObject({
      outcome: 'refused',
      because: 'stranger',
      why: `${mallory} is none of approverPrincipals in mskeeper.yml`,
    });
    expect(kept[0]?.record).toMatchObject({ by: mallory, end: { outcome: 'refused' } });
    expect(toldOf()).toHaveLength(1);
  });

  test('of somebody whose session a tool named', async () => {
    const nameless = 'arn:aws:sts::111122223333:assumed-role/on-call/aws-sdk-js-1700000000000';
    expect(await expectNothingDone(command({ command: 'ack', incidentId: '1' }, nameless))).toMatchObject({
      because: 'unnamed',
      why: expect.stringContaining('role_session_name'),
    });
    expect(toldOf()).toEqual([]);
  });

  test('twice, whatever happened in between', async () => {
    await command({ command: 'ack', incidentId: '1', forMinutes: 30 });
    await command({ command: 'escalate', incidentId: '1' }, alice, other);
    const again = command({ command: 'ack', incidentId: '1', forMinutes: 30 });
    expect(await expectNothingDone(again)).toMatchObject({ outcome: 'refused', because: 'replayed' });
    expect(kept).toHaveLength(2);
    expect(toldOf()).toHaveLength(1);
  });

  test('where STS says nothing: it is to be asked again, and nobody is suspected', async () => {
    changes = {
      proveCaller: async () => {
        throw new DependencyError('sts:GetCallerIdentity', 'unreachable', 'unreachable');
      },
    };
    expect(await expectNothingDone(command({ command: 'ack', incidentId: '1' }))).toEqual({
      outcome: 'refused',
      because: 'sts-away',
      why: expect.stringMatching(/sts:GetCallerIdentity.*ask again$/),
    });
    expect([kept, toldOf()]).toEqual([[], []]);
  });

  test('however many come, people hear of each kind once an hour', async () => {
    for (let count = 0; count < 20; count += 1) {
      const id = other.replace('00000000', String(10_000_000 + count));
      await command({ command: 'silence', incidentId: '1' }, mallory, id);
    }
    expect(toldOf()).toHaveLength(1);
    world.nowMs += hourMs;
    await command({ command: 'silence', incidentId: '1' }, mallory, other);
    expect(toldOf()).toHaveLength(2);
  });

  test('about an incident that there never was: the open ones are named', async () => {
    expect(await expectNothingDone(command({ command: 'ack', incidentId: '7' }))).toMatchObject({
      outcome: 'refused',
      because: 'no-such-incident',
      why: expect.stringMatching(/^no open incident is 7; open: 1 \(.*broker 2.*\)$/),
    });
    expect(kept[0]?.record.end).toMatchObject({ outcome: 'refused' });
    expect(toldOf()).toEqual([]);
  });

  test('about one that ended: when, and that none is open', async () => {
    world.nowMs += minuteMs;
    await world.run({ words: [brokerDown('gone')] });
    await pagedAfter(11);
    expect(await command({ command: 'ack', incidentId: '1' })).toMatchObject({
      because: 'no-such-incident',
      why: expect.stringMatching(/^incident 1 \(.*broker 2.*\) ended at 2026-11-28T03:1\d:00\.000Z; none is open$/),
    });
    expect((await list()).ended).toMatchObject([{ id: '1' }]);
  });
});

describe('a test of the channels', () => {
  test('sends each endpoint one message alone, and says what came of it', async () => {
    world.fates = ['delivered', 'refused', 'unknown-lost', 'failed'];
    const answer = await command({ command: 'test' });
    expect(answer).toEqual({
      outcome: 'tested',
      by: 'alice',
      tests: [
        { endpoint: 'phone', kind: 'phone', outcome: 'delivered', provesArrival: true },
        { endpoint: 'text', kind: 'sms', outcome: 'refused', provesArrival: false, why: '400' },
        { endpoint: 'on-call', kind: 'pagerduty', outcome: 'unknown', provesArrival: true, why: 'cut off' },
        { endpoint: 'chat', kind: 'slack', outcome: 'failed', provesArrival: true, why: '503' },
        { endpoint: 'boss', kind: 'email', outcome: 'delivered', provesArrival: false },
        { endpoint: 'board', kind: 'email', outcome: 'delivered', provesArrival: false },
        { endpoint: 'mail', kind: 'email', outcome: 'delivered', provesArrival: false },
      ],
      looks: [],
    });
    expect(kept[0]?.record).toMatchObject({ command: 'test', end: { outcome: 'done' } });
  });

  test('ends at the pagers by itself, and nowhere else', async () => {
    await command({ command: 'test' });
    await pagedAfter(6);
    const ends = world.received.filter(({ key, action }) => key.startsWith('test/') && action === 'resolve');
    expect(ends.map(({ endpoint }) => endpoint)).toEqual(['phone', 'on-call']);
    expect(
      world.document?.outbox.filter(({ key, outcome }) => key.startsWith('test/') && outcome === undefined),
    ).toEqual([]);
  });

  test('that an endpoint refuses is a fault of its own, as a page would be', async () => {
    world.fates = ['refused'];
    await command({ command: 'test' });
    world.nowMs += minuteMs;
    await world.run();
    expect((await list()).open.map(({ title }) => title)).toContain('mskeeper itself');
  });
});

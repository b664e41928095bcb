import { type Heard, nothingHeard, type Rules } from '../../../functions/health/incident/core/advance.ts';
import { emptyDocument, type IncidentDocument } from '../../../functions/health/incident/core/document.ts';
import { type PagerWord, standingAcknowledgement } from '../../../functions/health/incident/core/ladder.ts';
import { laneOf, type Message } from '../../../functions/health/incident/core/outbox.ts';
import { runIncident } from '../../../functions/health/incident/incident.ts';
import type { Ports } from '../../../functions/health/incident/ports.ts';
import type { Stored, WriteCondition } from '../../../shared/aws/store.ts';
import type { Tried } from '../../../shared/core/delivery.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { minuteMs } from '../../../shared/core/units.ts';

/** Lambda took the process away. */
class Killed extends Error {}

/** What an endpoint was sent, whether or not the sender heard of it. */
type Received = Pick<Message, 'action' | 'key'> & {
  readonly endpoint: string;
  readonly id: string;
  readonly atMs: number;
};

/** One try, whatever became of it: by destination and key, as the sender keeps their order. */
type Try = {
  readonly lane: string;
  readonly action: Message['action'];
  readonly fate: Fate;
  readonly atMs: number;
};

/** How the world treats one try: what arrives, and what the sender hears. */
export type Fate = 'delivered' | 'failed' | 'unknown-arrived' | 'unknown-lost' | 'refused';

export type IncidentWorld = {
  nowMs: number;
  /** Of a cluster whose incidents are counted from 1; undefined where nothing was ever written. */
  document: IncidentDocument | undefined;
  readonly received: Received[];
  readonly tries: Try[];
  /** Endpoints and keys of beginnings of which the sender cannot know whether they arrived. */
  readonly uncertain: Set<string>;
  /** Steps of a ladder that were sent while somebody who said so here dealt with it. */
  readonly unwanted: string[];
  /** What an endpoint refused for good: its name and the key. */
  readonly refused: string[];
  readonly problems: string[];
  readonly receipts: string[];
  /** What each try comes to, in order; then everything is delivered. */
  fates: Fate[];
  /** The call at which the next run is killed, counted from 1; before the call takes effect, or after. */
  killAt: { readonly call: number; readonly isAfter: boolean } | undefined;
  pagerWord: PagerWord | undefined;
  /** How much later each next call takes effect, where two runs meet. */
  delays: number[];
  /** Doubles are nobody's fault after a crash or an outcome that nobody knows. */
  doublesAllowed: boolean;
  /** An endpoint did not take what it was sent. */
  hasFailed: boolean;
  run(heard?: Partial<Heard>): Promise<void>;
  /** The outside of one run more, for who runs it himself. */
  ports(): Ports;
};

const triedOf = (fate: Fate): Tried => {
  switch (fate) {
    case 'delivered':
      return { result: 'delivered', reference: 'thread-1' };
    case 'failed':
      return { result: 'failed', why: '503' };
    case 'refused':
      return { result: 'refused', why: '400' };
    default:
      return { result: 'unknown', why: 'cut off' };
  }
};

/** One cluster's bucket, endpoints and clock, with a function that may be killed at any call. */
export function openIncidentWorld(rulesAt: (nowMs: number) => Rules, startMs: number): IncidentWorld {
  let etag = 0;
  let runs = 0;
  const world: IncidentWorld = {
    nowMs: startMs,
    document: emptyDocument,
    received: [],
    tries: [],
    uncertain: new Set(),
    unwanted: [],
    refused: [],
    problems: [],
    receipts: [],
    fates: [],
    killAt: undefined,
    pagerWord: undefined,
    delays: [],
    doublesAllowed: false,
    hasFailed: false,
    ports: () => {
      runs += 1;
      return openPorts(`run-${runs}`);
    },
    run: async (heard = {}) => {
      const ports = world.ports();
      try {
        await runIncident({ ...nothingHeard, ...heard }, rulesAt, ports);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        world.doublesAllowed = true;
      }
    },
  };

  function doubt({ action, key, destination }: Message): void {
    if (action === 'trigger') for (const name of destination.endpoints) world.uncertain.add(`${name} ${key}`);
  }

  /** What a dead run had claimed it may have sent, for all that anybody finds later. */
  function doubtClaimed(runId: string): void {
    for (const one of world.document?.outbox ?? []) if (one.claim?.by === runId) doubt(one);
  }

  function openPorts(runId: string): Ports {
    const { killAt } = world;
    world.killAt = undefined;
    let calls = 0;
    let isDead = false;
    const call = async <Value>(effect: () => Value): Promise<Value> => {
      for (let delay = world.delays.shift() ?? 0; delay > 0; delay -= 1) await Promise.resolve();
      calls += 1;
      if (isDead) throw new Killed();
      isDead ||= killAt?.call === calls;
      if (isDead && killAt?.isAfter !== true) {
        doubtClaimed(runId);
        throw new Killed();
      }
      const value = effect();
      if (isDead) {
        doubtClaimed(runId);
        throw new Killed();
      }
      return value;
    };
    return {
      run: { runId, addMetric: () => {} },
      nowMs: () => world.nowMs,
      remainingMs: () => minuteMs,
      fetchDocument: () =>
        call((): Stored<IncidentDocument> | undefined =>
          world.document === undefined ? undefined : { value: world.document, etag: String(etag) },
        ),
      applyDocument: (document, condition: WriteCondition) =>
        call(() => {
          const isMet =
            condition === 'always' ||
            (condition === 'absent' ? world.document === undefined : condition.etag === String(etag));
          if (!isMet) throw new DependencyError('s3:PutObject', 'conflict', 'somebody else wrote');
          // What is kept is what JSON keeps.
          world.document = JSON.parse(JSON.stringify(document));
          etag += 1;
          return { etag: String(etag) };
        }),
      fetchAlarms: async () => ({ alarms: [], isWhole: true }),
      fetchOpenFindings: async () => undefined,
      sendHeartbeat: async () => {},
      fetchChannels: async () => [],
      fetchPagerWord: () => call(() => world.pagerWord),
      send: (message) =>
        call(() => {
          const fate = world.fates.shift() ?? 'delivered';
          world.tries.push({ lane: laneOf(message), action: message.action, fate, atMs: world.nowMs });
          if (fate.startsWith('unknown')) doubt(message);
          const incident = world.document?.incidents.find(({ id }) => id === message.incidentId);
          const isRung = message.kind === 'rung' && message.action === 'trigger';
          if (isRung && incident && standingAcknowledgement(incident, world.nowMs)) world.unwanted.push(message.id);
          if (fate === 'delivered' || fate === 'unknown-arrived') {
            for (const endpoint of message.destination.endpoints) {
              const { action, key, id } = message;
              world.received.push({ action, key, id, endpoint, atMs: world.nowMs });
            }
          }
          if (fate === 'refused')
            world.refused.push(...message.destination.endpoints.map((name) => `${name} ${message.key}`));
          if (fate.startsWith('unknown')) world.doublesAllowed = true;
          if (fate !== 'delivered') world.hasFailed = true;
          return triedOf(fate);
        }),
      pause: async () => {},
      inTime: async (work) => ({ value: await work }),
      // The first receipt of a key stays.
      keepReceipt: (key) => call(() => void (world.receipts.includes(key) || world.receipts.push(key))),
      reportProblem: (message) => void world.problems.push(message),
      problems: () => world.problems,
    };
  }
  return world;
}

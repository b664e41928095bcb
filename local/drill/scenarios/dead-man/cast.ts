import type { LocalKafka } from '../../../kafka/start-kafka.ts';
import type { StillAccount } from '../../../world/still-account.ts';
import { alarmsIn, changesOnBus } from '../../observations.ts';
import { type Heard, heardIn } from '../../people/heard.ts';
import type { Sign } from '../../people/story.ts';
import type { Stage } from '../../scenario.ts';

/** An hour into a window that opens each night; the clock stands still while functions run. */
const startMs = Date.parse('2026-03-03T01:58:00Z');

/** The drill's own account: real brokers, their metrics, the alarms over them, and a window that opens every night. */
export type Cast = {
  readonly stage: Stage;
  readonly account: StillAccount;
  readonly kafka: LocalKafka;
  readonly heard: () => readonly Heard[];
  readonly signs: Sign[];
  readonly sign: (label: string, tone: Sign['tone']) => void;
  /** What the bus was told of a broker since a moment. */
  readonly newsOf: (brokerId: number, sinceMs: number) => string;
  readonly firing: (part: string) => readonly string[];
  readonly incidentFunction: string;
};

export async function openCast(stage: Stage): Promise<Cast> {
  const { world } = stage;
  const { own: kafka } = world.brokers;
  if (kafka === undefined) throw new Error('this scenario needs brokers of its own');
  const account = await world.openStillAccount({
    startMs,
    isWatched: true,
    change: (configuration) => ({
      ...configuration,
      maintenanceWindows: [{ name: 'every night', impact: 'medium', every: 'day', from: '02:00', to: '04:00' }],
    }),
  });
  const { clock, standIn } = account;
  const signs: Sign[] = [];
  return {
    stage,
    account,
    kafka,
    signs,
    sign: (label, tone) => {
      signs.push({ clockMs: clock.nowMs(), label, tone });
      stage.timeline.record({ lane: 'faults', subject: 'faults', label, tone });
    },
    heard: () => heardIn(standIn),
    newsOf: (brokerId, sinceMs) => changesOnBus({ standIn }, `broker-answers|broker ${brokerId}`, sinceMs).join(', '),
    firing: (part) => alarmsIn({ standIn }, 'ALARM').filter((name) => name.includes(part)),
    incidentFunction: `mskeeper-${account.clusterKey}-incident`,
  };
}

/** The world's clock of this account in minutes since a moment. */
export const minutesSince = ({ account }: Pick<Cast, 'account'>, sinceMs: number): number =>
  (account.clock.nowMs() - sinceMs) / 60_000;

/** Lets minutes pass until something is so. @returns whether it came to be so */
export async function passUntil(cast: Cast, mostMinutes: number, isSo: () => boolean): Promise<boolean> {
  for (let minute = 0; minute < mostMinutes; minute += 1) {
    if (isSo()) return true;
    cast.stage.signal.throwIfAborted();
    await cast.account.pass(1);
  }
  return isSo();
}

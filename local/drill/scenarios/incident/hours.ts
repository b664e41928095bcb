import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { findingEventOf } from '../../../../shared/core/bus-event.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import { minuteMs, secondMs } from '../../../../shared/core/units.ts';
import { asAdmin } from '../../../world/cloud.ts';
import type { StillAccount } from '../../../world/still-account.ts';
import { type Heard, heardIn } from '../../people/heard.ts';
import type { Sign } from '../../people/story.ts';
import type { Stage } from '../../scenario.ts';

/** An account in which hours pass in seconds: words on its bus stand for looks at brokers, the packaged function does the rest. */
export type Hours = {
  readonly account: StillAccount;
  readonly nowMs: () => number;
  /** A look finds something, or that it is no longer so. */
  readonly say: (change: 'opened' | 'closed', finding: Finding) => Promise<void>;
  /** Incident's minute at each of these moments, in minutes since another one; the minutes between are left out. */
  readonly minutes: (sinceMs: number, ...at: readonly number[]) => Promise<void>;
  /** Lets the clock go on without anybody looking. */
  readonly rest: (ms: number) => Promise<void>;
  readonly heard: () => readonly Heard[];
  /** Somebody acknowledges in PagerDuty what a service called of, newest first. */
  readonly acknowledge: (service: string, by: string) => void;
  readonly signs: Sign[];
  readonly sign: (label: string, tone: Sign['tone']) => void;
};

/** In the night, when nobody looks at a screen. */
const startMs = Date.parse('2026-03-03T02:00:00Z');

export async function openHours({ world }: Stage): Promise<Hours> {
  const account = await world.openStillAccount({ startMs, isWatched: false });
  const { standIn, clock, clusterKey, configuration } = account;
  const { cluster } = configuration;
  const lambda = new LambdaClient(asAdmin(standIn));
  const signs: Sign[] = [];
  const minute = async (): Promise<void> => {
    await lambda.send(
      new InvokeCommand({
        FunctionName: `mskeeper-${clusterKey}-incident`,
        InvocationType: 'Event',
        Payload: JSON.stringify({ source: 'mskeeper.schedule', procedure: 'incident', scope: 'minute' }),
      }),
    );
    await standIn.lambda.idle();
  };
  return {
    account,
    nowMs: clock.nowMs,
    signs,
    sign: (label, tone) => void signs.push({ clockMs: clock.nowMs(), label, tone }),
    heard: () => heardIn(standIn),
    rest: (ms) => clock.advanceTo(clock.nowMs() + ms),
    minutes: async (sinceMs, ...at) => {
      for (const minutes of at) {
        await clock.advanceTo(Math.max(clock.nowMs(), sinceMs + minutes * minuteMs));
        await minute();
      }
    },
    say: async (change, finding) => {
      const speaker = { cluster: clusterKey, procedure: 'cluster-health', runId: crypto.randomUUID() };
      const news = { change, sinceMs: clock.nowMs(), finding };
      const { detailType, detail } = findingEventOf(speaker, clock.nowMs(), news);
      await standIn.eventBridge.deliver(`mskeeper-${clusterKey}`, {
        version: '0',
        id: crypto.randomUUID(),
        source: 'mskeeper',
        'detail-type': detailType,
        account: standIn.world.accountId,
        region: standIn.world.region,
        time: new Date(clock.nowMs()).toISOString(),
        resources: [cluster.arn],
        detail,
      });
      // A queue is read when its poller comes.
      await clock.advanceTo(clock.nowMs() + secondMs);
      await standIn.lambda.idle();
    },
    acknowledge: (name, by) => {
      const { pagerDuty } = standIn.outside;
      const open = pagerDuty
        .incidents()
        .findLast(({ service, status }) => service.name === name && status !== 'resolved');
      if (open === undefined) throw new Error(`${name} has called nobody of anything that is open`);
      pagerDuty.acknowledge({ service: open.service, key: open.key, by });
    },
  };
}

/** What cluster-health says of a broker that is away; the measured part has its own words. */
export const brokerAway = (id: number): Finding => ({
  check: 'broker-answers',
  subject: `broker ${id}`,
  severity: 'critical',
  reason: 'timed-out',
  message: `Broker ${id} does not answer in 3 looks: 15 partitions affected (0 without a leader): orders-0, orders-1, payments-3 and 12 more.`,
  sources: ['brokers'],
  evidence: { affectedPartitionCount: 15 },
});

export const brokerBack = (id: number): Finding => ({
  ...brokerAway(id),
  severity: 'ok',
  reason: 'answers',
  message: `Broker ${id} answers.`,
  evidence: {},
});

/** What waits till morning: P2. */
export const groupBehind: Finding = {
  check: 'lag-messages',
  subject: 'group billing',
  severity: 'warning',
  reason: 'threshold',
  message: 'Group billing is 48210 messages behind on orders, and the gap grows.',
  sources: ['cloudwatch'],
  evidence: { lagMessages: 48_210 },
};

export const groupCaughtUp: Finding = {
  ...groupBehind,
  severity: 'ok',
  reason: 'within-limits',
  message: 'Group billing has caught up.',
  evidence: {},
};

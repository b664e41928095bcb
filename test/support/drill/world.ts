import type { World } from '../../../local/world/world.ts';

/** Lists that a test fills as the stand-in would. */
const emptyStandIn = () => ({
  lambda: { invocations: [], durable: { executions: () => [] }, idle: () => Promise.resolve() },
  cloudWatch: { history: [], alarms: new Map(), alarmPeriodScale: 1 },
  eventBridge: { events: [], lost: [] },
  scheduler: { schedules: () => [], lost: [] },
  sns: { inbox: [], undelivered: [] },
  world: { calls: { all: [] } },
  outside: { calls: { all: [] }, pagerDuty: { incidents: () => [] }, slack: { messages: () => [] } },
});

/** A world of which a scenario sees lists and a clock; nothing runs. Overrides go into its stand-in. */
export const drillWorld = (
  standIn: Readonly<Record<string, unknown>> = {},
  told: { readonly failures?: readonly string[]; readonly deadBroker?: number } = {},
): World => {
  const ids = [1, 2, 3];
  const world = {
    clusterKey: 'drill',
    clockRate: 20,
    clock: { nowMs: () => 1_000_000, realMsSince: () => 0, schedule: () => ({ cancel: () => {} }) },
    failures: () => told.failures ?? [],
    brokers: {
      kafkaVersion: '4.3.1',
      brokers: ids.map((id) => ({ id, address: `127.0.0.1:${id}` })),
      own: { brokers: ids.map((id) => ({ id, isRunning: () => id !== told.deadBroker })) },
    },
    standIn: { ...emptyStandIn(), ...standIn },
  };
  // A boundary of the test: what is not there is not touched by what is tested.
  return world as unknown as World;
};

import { expect, test } from 'vitest';
import { invokedScope, footprintOf as planFootprint, type RunFootprint } from '../../../infra/bill/run-footprint.ts';
import { functionDefinitions } from '../../../infra/functions.ts';
import type { StandIn } from '../../../local/aws/stand-in.ts';
import {
  clusterKey,
  fullCheck,
  lightCheck,
  type PackagedStack,
  usePackagedStack,
} from '../../support/aws/packaged-stack.ts';
import { keptObjects } from '../../support/aws/packaged-traces.ts';
import { useKafka } from '../../support/kafka/kafka.ts';

const cluster = useKafka({ brokerCount: 1 });
const stack = usePackagedStack();

/** What can be counted of a run; the rest of a footprint is planned by the product's own core, or assumed. */
type Counted = Omit<RunFootprint, 'metricsRequested' | 'assumedSeconds' | 'publishedMetrics'>;

const countBy = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]));

const slugOf = (name: string | undefined): string =>
  name?.replace(`mskeeper-${clusterKey}-`, '').replace(/-eu-west-1$/, '') ?? '';

const reportsIn = (standIn: StandIn): number =>
  new Set(keptObjects(standIn).flatMap(({ key }) => (key.startsWith('reports/') ? [key] : []))).size;

/** Runs once more and counts, by the function that called, what the stand-in saw. */
const countRun = async ({ standIn, check }: PackagedStack, event: unknown) => {
  const { calls } = standIn.world;
  const before = {
    calls: calls.all.length,
    events: standIn.eventBridge.events.length,
    invocations: standIn.lambda.invocations.length,
    reports: reportsIn(standIn),
  };
  const outcome = await check(event);
  expect(outcome.functionError, JSON.stringify(outcome)).toBeUndefined();
  const newCalls = calls.all.slice(before.calls);
  const invocations = standIn.lambda.invocations.slice(before.invocations);
  expect(invocations.map(({ status }) => status)).toEqual(invocations.map(() => 'success'));
  const callsOf = (slug: string) =>
    countBy(
      newCalls
        .filter(({ roleName }) => slugOf(roleName) === slug)
        .map(({ service, operation }) => `${service}:${operation}`),
    );
  const invokedSlugs = invocations.map(({ functionName }) => slugOf(functionName));
  const [, ...invokedByIt] = [...invokedSlugs].reverse();
  const health: Counted = {
    callCountByOperation: callsOf('cluster-health'),
    invocationCountBySlug: countBy(invokedByIt),
    eventCount: standIn.eventBridge.events.length - before.events,
    reportCount: reportsIn(standIn) - before.reports,
  };
  return {
    health,
    armCalls: callsOf('kafka-read'),
    callers: new Set(newCalls.map(({ roleName }) => slugOf(roleName))),
  };
};

const footprintOf = (slug: string, scope: string): RunFootprint => {
  const definition = functionDefinitions.find((one) => one.slug === slug);
  if (definition === undefined) throw new Error(`there is no function ${slug}`);
  return planFootprint(definition, scope);
};

const countedOf = ({
  callCountByOperation,
  invocationCountBySlug,
  eventCount,
  reportCount,
}: RunFootprint): Counted => ({
  callCountByOperation,
  invocationCountBySlug,
  eventCount,
  reportCount,
});

/** mskeeper's own series, as the bill lists them. */
const publishedBy = ({ cloudWatch }: StandIn): readonly string[] =>
  cloudWatch.metrics
    .all()
    .filter(({ id }) => id.namespace === 'mskeeper')
    .map(({ id: { name, dimensions } }) => [dimensions.Procedure, name].filter((part) => part !== undefined).join(' '));

const addressOf = (): string => cluster.kafka.bootstrapServers()[0] ?? '';
const arm = footprintOf('kafka-read', invokedScope);

/** Each in an account of its own: the first run finds no memory, and what nobody answers three times is told to people. */
const scopes = [
  ['light', lightCheck],
  ['full', fullCheck],
] as const;

test.each(scopes)(
  'a %s run calls, wakes, tells, keeps and publishes what the bill counts for it',
  async (scope, event) => {
    const opened = await stack.open({ address: addressOf() });
    await opened.check(event);
    const { health, armCalls, callers } = await countRun(opened, event);
    const expected = footprintOf('cluster-health', scope);
    // The configuration names the brokers here, so MSK is not asked for them: the next test counts that call.
    const { 'kafka:GetBootstrapBrokers': _, ...calls } = expected.callCountByOperation;
    expect(health).toEqual({ ...countedOf(expected), callCountByOperation: calls });
    expect(armCalls).toEqual(arm.callCountByOperation);
    expect([...callers]).toEqual(['cluster-health']);
    const billed = [...expected.publishedMetrics, ...arm.publishedMetrics];
    expect(publishedBy(opened.standIn).toSorted()).toEqual(billed.toSorted());
  },
);

test.each(scopes)('a %s run asks MSK for the addresses of the brokers as often as counted', async (scope, event) => {
  const { check, standIn } = await stack.open({ address: addressOf(), isBootstrapFromMsk: true });
  await check(event);
  // The arm lets no address through that is not MSK's own, and these are this machine's: all other calls are the same.
  const calls = countBy(standIn.world.calls.all.map(({ service, operation }) => `${service}:${operation}`));
  expect(calls).toEqual(footprintOf('cluster-health', scope).callCountByOperation);
});

import { expect, test } from 'vitest';
import { invokedScope, footprintOf as planFootprint, type RunFootprint } from '../../../infra/bill/run-footprint.ts';
import { functionDefinitions } from '../../../infra/functions.ts';
import type { StandIn } from '../../../local/aws/stand-in.ts';
import { clusterKey, findingsOf, type PackagedStack, usePackagedStack } from '../../support/aws/packaged-stack.ts';
import { keptObjects } from '../../support/aws/packaged-traces.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 1 });
const stack = usePackagedStack();

/** What can be counted of a run; the rest of a footprint is planned by the product's own core, or assumed. */
type Counted = Omit<RunFootprint, 'metricsRequested' | 'assumedSeconds' | 'assumedLogKiB' | 'publishedMetrics'>;

const countBy = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]));

const slugOf = (name: string | undefined): string =>
  name?.replace(`mskeeper-${clusterKey}-`, '').replace(/-eu-west-1$/, '') ?? '';

/** What mskeeper put on the bus. The account's alarms put their changes on one, too, whenever a minute is over. */
const eventsIn = ({ eventBridge }: StandIn): number =>
  eventBridge.events.filter(({ event }) => event.source === 'mskeeper').length;

const reportsIn = (standIn: StandIn): number =>
  new Set(keptObjects(standIn).flatMap(({ key }) => (key.startsWith('reports/') ? [key] : []))).size;

/** One run as its schedule wakes it: a person wakes a check in the same way, and an intake for another end. @returns what it found wrong */
const run = async ({ invoke }: PackagedStack, slug: string, scope: string): Promise<readonly string[]> => {
  const { functionError, report } = await invoke(slug, { source: 'mskeeper.schedule', procedure: slug, scope });
  expect(functionError, JSON.stringify(report)).toBeUndefined();
  const wrong = findingsOf(report).filter(({ severity }) => severity !== 'ok' && severity !== 'unknown');
  return wrong.map(({ check, subject, message }) => `${check}, ${subject}: ${message}`);
};

/** Whoever reads a queue is woken by what others say, in a run that is none of theirs. */
const readers = functionDefinitions.flatMap(({ slug, queue }) => (queue === undefined ? [] : [slug]));
const isOwn = (slug: string) => (one: string) => one === slug || !readers.includes(one);

/** Runs once more and counts, by the function that called, what the stand-in saw. */
const countRun = async (opened: PackagedStack, slug: string, scope: string) => {
  const { standIn } = opened;
  const { calls } = standIn.world;
  const before = {
    calls: calls.all.length,
    events: eventsIn(standIn),
    invocations: standIn.lambda.invocations.length,
    reports: reportsIn(standIn),
  };
  const wrong = [...(await run(opened, slug, scope))];
  const newCalls = calls.all.slice(before.calls);
  const invocations = standIn.lambda.invocations.slice(before.invocations);
  expect(invocations.map(({ status }) => status)).toEqual(invocations.map(() => 'success'));
  const callsOf = (caller: string) =>
    countBy(
      newCalls
        // Lambda's poller asks the queue by the function's role: the bill has a line of its own for it.
        .filter(({ roleName, service }) => slugOf(roleName) === caller && service !== 'sqs')
        .map(({ service, operation }) => `${service}:${operation}`),
    );
  const invokedSlugs = invocations.map(({ functionName }) => slugOf(functionName)).filter(isOwn(slug));
  const [, ...invokedByIt] = [...invokedSlugs].reverse();
  // What an alarm of the account woke meanwhile is no part of this run.
  if (invokedByIt.includes(slug)) wrong.push(`${slug} was woken by its queue, too`);
  const own: Counted = {
    callCountByOperation: callsOf(slug),
    invocationCountBySlug: countBy(invokedByIt),
    eventCount: eventsIn(standIn) - before.events,
    reportCount: reportsIn(standIn) - before.reports,
  };
  return {
    wrong,
    own,
    callsOf,
    callers: new Set(newCalls.map(({ roleName }) => slugOf(roleName)).filter(isOwn(slug))),
  };
};

/** What is declared of the average run is in this one or not: once in each fifth minute is never here, or once. */
const inOneRun = (
  declared: Readonly<Record<string, number>>,
  counted: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(declared)
      .map(([name, count]) => [name, (counted[name] ?? 0) > count ? Math.ceil(count) : Math.floor(count)] as const)
      .filter(([, count]) => count > 0),
  );

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

/** What the alarm on a schedule's silence waits for, where its runs say it themselves. */
const heartbeatOf = (slug: string, scope: string) =>
  functionDefinitions
    .filter((one) => one.slug === slug)
    .flatMap(({ schedules }) => schedules.filter((one) => one.scope === scope))
    .flatMap(({ heartbeat }) => heartbeat ?? []);

/** What the runs of a procedure published under one name, the first and the one that was counted. */
const valuesOf = ({ cloudWatch }: StandIn, slug: string, name: string): readonly number[] =>
  cloudWatch.metrics
    .read(
      { namespace: 'mskeeper', name, dimensions: { Cluster: clusterKey, Procedure: slug } },
      0,
      Number.POSITIVE_INFINITY,
    )
    .map(({ maximum }) => maximum);

const addressOf = (): string => cluster.kafka.bootstrapServers()[0] ?? '';

/** Every run that a schedule starts, of every function that there is. */
const scheduledRuns = functionDefinitions.flatMap(({ slug, schedules }) =>
  schedules.map(({ scope }) => ({ slug, scope })),
);

/** So busy is a machine at times that a broker answers late, and a run which found something wrong is not the one that is billed. */
const mostRuns = 5;

/** Each run in an account of its own: the first finds no memory, and what nobody answers three times is told to people. */
const countQuietRun = async (slug: string, scope: string) => {
  const notQuiet: string[] = [];
  while (notQuiet.length < mostRuns) {
    const opened = await stack.open({ address: addressOf() });
    opened.standIn.ssm.put('/mskeeper/kill-switch', 'off');
    const before = await run(opened, slug, scope);
    const counted = await countRun(opened, slug, scope);
    const wrong = [...before, ...counted.wrong];
    if (wrong.length === 0) return { opened, counted };
    notQuiet.push(wrong.join('; '));
  }
  throw new Error(`no run of ${mostRuns} was quiet: ${notQuiet.join(' | ')}`);
};

test.each(scheduledRuns)(
  'a $scope run of $slug calls, wakes, tells, keeps and publishes what the bill counts for it',
  async ({ slug, scope }) => {
    const { opened, counted } = await countQuietRun(slug, scope);
    const { own, callsOf, callers } = counted;
    const expected = footprintOf(slug, scope);
    const invoked = Object.keys(expected.invocationCountBySlug);
    // The configuration names the brokers here, so MSK is not asked for them: the next test counts that call.
    const { 'kafka:GetBootstrapBrokers': _, ...calls } = expected.callCountByOperation;
    const callCountByOperation = inOneRun(calls, own.callCountByOperation);
    expect(own).toEqual({ ...countedOf(expected), callCountByOperation });
    const armed = invoked.map((one) => ({ one, footprint: footprintOf(one, invokedScope) }));
    for (const { one, footprint } of armed) expect(callsOf(one)).toEqual(footprint.callCountByOperation);
    expect([...callers]).toEqual([slug]);
    const billed = [...expected.publishedMetrics, ...armed.flatMap(({ footprint }) => footprint.publishedMetrics)];
    expect(publishedBy(opened.standIn).toSorted()).toEqual(billed.toSorted());
    for (const { metric, least } of heartbeatOf(slug, scope))
      expect(valuesOf(opened.standIn, slug, metric)).toEqual([least, least]);
  },
);

test.each(
  scheduledRuns.filter(
    ({ slug, scope }) => 'kafka:GetBootstrapBrokers' in footprintOf(slug, scope).callCountByOperation,
  ),
)('a $scope run of $slug asks MSK for the addresses of the brokers as often as counted', async ({ slug, scope }) => {
  const opened = await stack.open({ address: addressOf(), isBootstrapFromMsk: true });
  // Without a memory it cannot know that no wake waits, and asks the claim, too: the bill is of the runs that follow.
  await run(opened, slug, scope);
  // The arm lets no address through that is not MSK's own, and these are this machine's: all other calls are the same.
  const { calls } = opened.standIn.world;
  const before = calls.all.length;
  await run(opened, slug, scope);
  const counted = countBy(calls.all.slice(before).map(({ service, operation }) => `${service}:${operation}`));
  expect(counted).toEqual(footprintOf(slug, scope).callCountByOperation);
});

test('no function without a schedule of its own has a quiet run, unless another one’s run invokes it', () => {
  const woken = new Set(
    scheduledRuns.flatMap(({ slug, scope }) => Object.keys(footprintOf(slug, scope).invocationCountBySlug)),
  );
  const others = functionDefinitions.filter(({ slug, schedules }) => schedules.length === 0 && !woken.has(slug));
  for (const { slug, calls } of others)
    expect(
      Object.values(calls).filter((count) => count !== 0),
      slug,
    ).toEqual([]);
});

import process from 'node:process';
import { runCommand, UsageError } from '../../infra/command-line.ts';
import { LocalKafkaError } from '../../local/kafka/errors.ts';
import { startKafka } from '../../local/kafka/start-kafka.ts';
import { quietNegativeTimeouts } from '../../local/quiet-warnings.ts';
import { decodeClusterView } from '../../shared/kafka/view/payload.ts';
import { compareWithTool, parseToolRows } from './compare-with-tool.ts';
import { fillCluster } from './fill-cluster.ts';
import { type LookMeasurement, measureLook } from './measure-look.ts';
import type { BenchSize } from './size.ts';

const help = `Measures a look at a real Kafka cluster against kafka-consumer-groups --all-groups --describe.

  node bench/kafka-look/kafka-look.ts [--partitions 10000] [--groups 1000] [--commits 50] [--brokers 3] [--json]

Starts the brokers, fills them (replication factor 1), looks three times, each time in a new process, and counts the
slowest look and the largest memory. Three more looks, in turn with these, get the Metadata of one broker alone: what the
others' word costs is the ratio of the fastest of each. Exit status 1 where a bound is broken or the tool contradicts the view.
Bounds, at the default size: 8 requests a broker and 6 a cluster after connecting, 3 s, 200 MB, 10 times faster than the tool.
`;

const lookCount = 3;
const bounds = {
  requestsPerBroker: 8,
  requestsPerCluster: 6,
  lookMs: 3_000,
  rssGrowthBytes: 200_000_000,
  speedRatio: 10,
};

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} must be a whole number above 0, not ${text}`);
  return value;
};

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const worstOf = (looks: readonly LookMeasurement[], pick: (look: LookMeasurement) => number): number =>
  Math.max(...looks.map(pick));

/** Of several looks the fastest: other work on the machine only adds. */
const fastestMs = (looks: readonly LookMeasurement[]): number => Math.min(...looks.map(({ lookMs }) => lookMs));

const measure = async (size: BenchSize, progress: (line: string) => void) => {
  const settings = { 'offsets.topic.num.partitions': '50' };
  const kafka = await startKafka({ brokerCount: size.brokers, settings, heapMegabytes: 384, onProgress: progress });
  try {
    progress(`filling ${size.partitions} partitions and ${size.groups} groups of ${size.commitsPerGroup} commits`);
    await fillCluster(kafka.bootstrapServers(), size);
    const looks: LookMeasurement[] = [];
    const looksByOne: LookMeasurement[] = [];
    for (let index = 0; index < lookCount; index += 1) {
      looks.push(await measureLook(kafka.bootstrapServers(), 'all'));
      looksByOne.push(await measureLook(kafka.bootstrapServers(), 'one'));
    }
    progress('kafka-consumer-groups --all-groups --describe');
    const toolStartedMs = performance.now();
    const tool = await kafka.tool('kafka-consumer-groups', ['--all-groups', '--describe', '--timeout', '120000']);
    const toolMs = performance.now() - toolStartedMs;
    if (tool.code !== 0) throw new Error(`the tool failed: ${tool.stderr.slice(0, 500)}`);
    return { version: kafka.version, looks, looksByOne, tool, toolMs };
  } finally {
    await kafka.stop();
  }
};

const report = (size: BenchSize, { version, looks, looksByOne, tool, toolMs }: Awaited<ReturnType<typeof measure>>) => {
  const [first] = looks;
  if (first === undefined) throw new Error('no look was measured');
  const view = decodeClusterView(first.payload);
  const differences = compareWithTool(view, tool.stdout);
  const lookMs = worstOf(looks, (look) => look.lookMs);
  const rssGrowthBytes = worstOf(looks, (look) => look.rssGrowthBytes);
  const requests = sum(first.requestCountByApi);
  const most = bounds.requestsPerCluster + bounds.requestsPerBroker * size.brokers;
  const busiest = Math.max(...Object.values(first.requestCountByBroker));
  const speedRatio = toolMs / lookMs;
  const toolRows = parseToolRows(tool.stdout).size;
  const broken = [
    ...(requests > most || busiest > bounds.requestsPerCluster + bounds.requestsPerBroker
      ? [`${requests} requests, ${busiest} at one broker`]
      : []),
    ...(lookMs > bounds.lookMs ? [`${Math.round(lookMs)} ms`] : []),
    ...(rssGrowthBytes > bounds.rssGrowthBytes ? [`${Math.round(rssGrowthBytes / 1e6)} MB`] : []),
    ...(speedRatio < bounds.speedRatio ? [`only ${speedRatio.toFixed(1)} times faster than the tool`] : []),
    ...(differences.length > 0 ? [`the tool contradicts ${differences.length} rows: ${differences[0]}`] : []),
    ...(toolRows !== size.groups * size.commitsPerGroup ? [`the tool printed ${toolRows} rows`] : []),
  ];
  return {
    kafka: version,
    ...size,
    partitionsSeen: view.topics.filter(({ isInternal }) => !isInternal).flatMap(({ partitions }) => partitions).length,
    groupsSeen: view.groups?.length ?? 0,
    lookMsEach: looks.map((look) => Math.round(look.lookMs)),
    lookMsEachByOneWitness: looksByOne.map((look) => Math.round(look.lookMs)),
    witnessRatio: Math.round((fastestMs(looks) / fastestMs(looksByOne)) * 100) / 100,
    packMs: Math.round(worstOf(looks, (look) => look.packMs)),
    packedBytes: first.packedBytes,
    rssGrowthMegabytes: Math.round(rssGrowthBytes / 1e6),
    rssPeakMegabytes: Math.round(worstOf(looks, (look) => look.rssPeakBytes) / 1e6),
    requests,
    requestsAllowed: most,
    requestCountByApi: first.requestCountByApi,
    requestCountByBroker: first.requestCountByBroker,
    toolMs: Math.round(toolMs),
    toolRows,
    speedRatio: Math.round(speedRatio * 10) / 10,
    differences: differences.length,
    broken,
  };
};

await runCommand({
  help,
  options: {
    json: { type: 'boolean', default: false },
    partitions: { type: 'string', default: '10000' },
    groups: { type: 'string', default: '1000' },
    commits: { type: 'string', default: '50' },
    brokers: { type: 'string', default: '3' },
  },
  expectedErrors: [LocalKafkaError],
  run: async ({ values }) => {
    const size: BenchSize = {
      brokers: wholeNumber('brokers', values.brokers),
      partitions: wholeNumber('partitions', values.partitions),
      groups: wholeNumber('groups', values.groups),
      commitsPerGroup: wholeNumber('commits', values.commits),
    };
    quietNegativeTimeouts();
    const result = report(size, await measure(size, (line) => process.stderr.write(`${line}\n`)));
    if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else {
      for (const [name, value] of Object.entries(result)) process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
    }
    return result.broken.length > 0 ? 1 : 0;
  },
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { travellingOf } from '../../../../infra/packaging/travelling.ts';
import { decodeClusterView } from '../../../../shared/kafka/view/payload.ts';
import { captureOutput, lambdaContext } from '../../../support/aws/lambda.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { createTopic, freshName } from '../../../support/kafka/kafka.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 1 });

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The handler as Lambda loads it: with the configuration that travels beside the bundle. */
const loadHandler = async (directory: string, bootstrap: string) => {
  const text = smallFile(
    { authentication: '    authentication: { kind: plaintext }' },
    `    bootstrap: "${bootstrap}"\n`,
  );
  const { configuration, mistakes } = judge(text);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  const path = join(directory, 'mskeeper.json');
  await writeFile(path, JSON.stringify(travellingOf(configuration, 'orders')));
  vi.stubEnv('MSKEEPER_CONFIGURATION_FILE', path);
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  const { handler } = await import('../../../../functions/kafka/read/handler.ts');
  return handler;
};

test('the handler looks at a real broker and answers with a view, and with one line of log', async () => {
  const { kafka } = cluster;
  const topic = await createTopic(kafka, freshName('orders'), { replicationFactor: 1 });
  const directory = await mkdtemp(join(tmpdir(), 'mskeeper-read-'));
  try {
    const bootstrapServers = kafka.bootstrapServers();
    const handler = await loadHandler(directory, bootstrapServers.join(','));
    const output = captureOutput();
    const request = {
      groups: true,
      commits: true,
      ends: 'both',
      logDirectories: true,
      topicSettings: ['min.insync.replicas'],
      expectedBrokerIds: [1],
    };
    const invocation = { version: 1, operation: 'look', bootstrapServers, request, withinMs: 20_000 };
    const answer: unknown = JSON.parse(JSON.stringify(await handler(invocation, lambdaContext())));
    const view = decodeClusterView(answer);
    expect(view.brokers).toMatchObject([{ id: 1, logDirectories: [{}] }]);
    expect(view.topics.find(({ name }) => name === topic)?.partitions[0]).toMatchObject({
      leaderId: 1,
      latestOffset: 0n,
    });

    const stray = { ...invocation, bootstrapServers: ['kafka.example:9092'] };
    await expect(handler(stray, lambdaContext())).rejects.toMatchObject({ name: 'InvalidEventError' });
    await expect(handler({ hello: 'world' }, lambdaContext())).rejects.toMatchObject({ name: 'InvalidEventError' });

    const logged = output.lines().filter((line) => line.includes('"outcome"'));
    expect(logged[0]).toContain('"brokers":1');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDrill } from '../../support/drill/drill.ts';
import { createTopic, useKafka } from '../../support/kafka/kafka.ts';

const cluster = useKafka({ heapMegabytes: 256 });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-drill-bootstrap-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const listOf = async (tool: 'kafka-topics' | 'kafka-consumer-groups' | 'kafka-get-offsets', args: string[]) => {
  const { stdout, code, stderr } = await cluster.kafka.tool(tool, args);
  expect(code, stderr).toBe(0);
  return stdout.trim().split('\n').filter(Boolean).toSorted();
};

test('a drill on a running cluster uses names of its own, removes them, and touches no topic that was there', async () => {
  const { kafka } = cluster;
  await createTopic(kafka, 'orders');
  const topicsBefore = await listOf('kafka-topics', ['--list']);

  const drill = await startDrill(folder, ['--json', '--bootstrap', kafka.bootstrapServers().join(',')]);
  const { code } = await drill.ended;
  expect(code, drill.said()).toBe(0);

  const made = /Made on the given cluster, until the end: topics (\S+), (\S+); group (\S+)/.exec(drill.said());
  const [, orders = '', payments = '', group = ''] = made ?? [];
  for (const name of [orders, payments, group]) expect(name).toMatch(/^mskeeper-drill-[0-9a-f]{8}-/);
  expect(drill.said()).toContain(`Removed from the given cluster: topics ${orders}, ${payments}; group ${group}`);

  const topicsAfter = (await listOf('kafka-topics', ['--list'])).filter((name) => !name.startsWith('__'));
  expect(topicsAfter).toEqual(topicsBefore);
  expect(await listOf('kafka-consumer-groups', ['--list'])).toEqual([]);
  const ends = await listOf('kafka-get-offsets', ['--topic', 'orders']);
  expect(ends).toEqual(['orders:0:0', 'orders:1:0', 'orders:2:0']);

  const report = JSON.parse(drill.printed());
  expect(report).toEqual(JSON.parse(await readFile(join(drill.outputFolder, 'report.json'), 'utf8')));
  expect(report.world).toMatchObject({ areBrokersOwn: false, failures: [] });
  expect(report.world.scales.join(' ')).toContain("The brokers were not the drill's own");
  expect(report.scenarios.map(({ name }: { name: string }) => name)).toEqual(['healthy']);
  expect(kafka.brokers.every((broker) => broker.isRunning())).toBe(true);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { expect, it } from 'vitest';
import type { LocalBroker } from '../../../local/kafka/broker.ts';
import { eventually } from '../../support/eventually.ts';
import { createTopic, freshName } from '../../support/kafka/kafka.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const local = shareKafka({ brokerCount: 3 });

/** A consumer of an idle topic, whose fetches are all under way when something happens; see consumer-parent.ts. */
const startInProcess = async () => {
  const topic = await createTopic(local.kafka, freshName('orders'), { partitions: 6 });
  const script = new URL('../../support/kafka/consumer-parent.ts', import.meta.url).pathname;
  const args = [script, local.kafka.bootstrapServers().join(','), freshName('billing'), topic];
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', ...args]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = once(child, 'exit').then(([code]) => code);
  await eventually(() => expect(said).toContain('reading'));
  return {
    said: () => said,
    /** Tells it to stop, and waits until its process has ended by itself. */
    stopped: async () => {
      const hung = setTimeout(() => child.kill('SIGKILL'), 120_000);
      child.stdin.write('stop\n');
      const code = await ended;
      clearTimeout(hung);
      return code;
    },
  };
};

const someBroker = (index: number): LocalBroker => {
  const broker = local.kafka.brokers[index];
  if (broker === undefined) throw new Error(`no broker ${index}`);
  return broker;
};

it.each([0, 1, 2])('stops, and lets its process end, while it learns that broker %i is gone', async (index) => {
  const consumer = await startInProcess();
  const broker = someBroker(index);
  await broker.kill();
  const code = await consumer.stopped();
  await broker.restart();
  expect(code, consumer.said()).toBe(0);
  expect(consumer.said()).toMatch(/^reading\nstopped \d+\n$/);
});

it('stops within its deadline where a broker takes requests and never answers', async () => {
  const consumer = await startInProcess();
  await Promise.all(local.kafka.brokers.map((broker) => broker.freeze()));
  const code = await consumer.stopped();
  await Promise.all(local.kafka.brokers.map((broker) => broker.thaw()));
  expect(code, consumer.said()).toBe(0);
  const tookMs = Number(/stopped (\d+)/.exec(consumer.said())?.[1]);
  expect(tookMs).toBeGreaterThanOrEqual(5_000);
  // The client by itself would wait half a minute for each answer.
  expect(tookMs).toBeLessThan(25_000);
});

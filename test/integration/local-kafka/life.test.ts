import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startKafka } from '../../../local/kafka/start-kafka.ts';
import { eventually } from '../../support/eventually.ts';
import { createTopic, freshName } from '../../support/kafka/kafka.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';
import { isAlive } from '../../support/processes.ts';

/** `Leader: 2 … Isr: 2,3` for each partition that kafka-topics describes. */
const partitionsOf = (description: string) =>
  [...description.matchAll(/Leader: (\S+)\s+Replicas: (\S+)\s+Isr: (\S*)/g)].map(([, leader, replicas, isr]) => ({
    leader,
    replicas: replicas?.split(',').sort(),
    inSync: isr?.split(',').sort(),
  }));

describe('a local cluster of three brokers', () => {
  const local = shareKafka({ brokerCount: 3 });

  it('has all brokers registered when it is handed over', async () => {
    const { stdout, code } = await local.kafka.tool('kafka-metadata-quorum', ['describe', '--status']);
    expect(code).toBe(0);
    expect(stdout).toContain(local.kafka.clusterId);
    const topic = await createTopic(local.kafka, freshName('orders'), { partitions: 6 });
    const { stdout: description } = await local.kafka.tool('kafka-topics', ['--describe', '--topic', topic]);
    expect(partitionsOf(description)).toHaveLength(6);
    for (const { inSync } of partitionsOf(description)) expect(inSync).toEqual(['1', '2', '3']);
  });

  it('takes records by one official tool and gives them back by another', async () => {
    const topic = await createTopic(local.kafka, freshName('orders'), { partitions: 1 });
    await local.kafka.tool('kafka-console-producer', ['--topic', topic], { input: 'one\ntwo\n' });
    const { stdout } = await local.kafka.tool('kafka-console-consumer', [
      ...['--topic', topic, '--from-beginning', '--max-messages', '2'],
    ]);
    expect(stdout).toBe('one\ntwo\n');
  });

  it('shows the official tools a broker that was killed, and its return', async () => {
    const { kafka } = local;
    const topic = await createTopic(kafka, freshName('orders'));
    const [, second] = kafka.brokers;
    const alive = kafka.bootstrapServers().filter((_, index) => index !== 1);
    const describeTopic = async () => {
      const args = ['--describe', '--topic', topic, '--bootstrap-server', alive.join(',')];
      return partitionsOf((await kafka.tool('kafka-topics', args)).stdout);
    };

    await second?.kill();
    expect(second?.isRunning()).toBe(false);
    expect(second?.pid).toBeUndefined();
    await eventually(async () => {
      for (const { leader, inSync } of await describeTopic()) {
        expect(leader).not.toBe('2');
        expect(inSync).toEqual(['1', '3']);
      }
    });

    await second?.restart();
    await eventually(async () => {
      for (const { inSync } of await describeTopic()) expect(inSync).toEqual(['1', '2', '3']);
    });
  });

  it('stops a broker in order, which hands its leaderships over at once', async () => {
    const { kafka } = local;
    const topic = await createTopic(kafka, freshName('orders'));
    const [first] = kafka.brokers;
    await first?.stop();
    const alive = kafka.bootstrapServers().slice(1).join(',');
    const { stdout } = await kafka.tool('kafka-topics', ['--describe', '--topic', topic, '--bootstrap-server', alive]);
    for (const { leader } of partitionsOf(stdout)) expect(leader).not.toBe('1');
    await first?.restart();
  });

  it('freezes a broker, whose process lives on without an answer, and thaws it', async () => {
    const { kafka } = local;
    const topic = await createTopic(kafka, freshName('orders'));
    // A frozen active controller is another fault: what brokers forward to it hangs for up to a minute.
    const { stdout: status } = await kafka.tool('kafka-metadata-quorum', ['describe', '--status']);
    const leaderId = Number(/LeaderId:\s+(\d+)/.exec(status)?.[1]);
    const frozen = kafka.brokers.find(({ id }) => id !== leaderId);
    const others = kafka.brokers.filter(({ id }) => id !== frozen?.id);
    const alive = others.map(({ host, portByListener }) => `${host}:${portByListener.plaintext}`).join(',');
    const inSync = async () => {
      const args = ['--describe', '--topic', topic, '--bootstrap-server', alive];
      // The tool may itself ask the frozen broker first, and would wait for a minute; on a busy machine its start alone takes long.
      const { stdout } = await kafka.tool('kafka-topics', args, { signal: AbortSignal.timeout(30_000) });
      return partitionsOf(stdout).map((partition) => partition.inSync?.join());
    };
    const left = others.map(({ id }) => id).join();

    await frozen?.freeze();
    expect(frozen?.isRunning()).toBe(true);
    await eventually(async () => expect(await inSync()).toEqual([left, left, left]));
    await frozen?.thaw();
    await eventually(async () => expect(await inSync()).toEqual(['1,2,3', '1,2,3', '1,2,3']));
  });
});

describe('the end of a local cluster', () => {
  it.each([
    ['one broker', 1, { brokerCount: 1 }],
    ['one broker and ZooKeeper', 2, { brokerCount: 1, version: '3.6.2', hasZooKeeper: true }],
  ] as const)('leaves no process and no data: %s', async (_name, processCount, options) => {
    const kafka = await startKafka(options);
    const pids = [kafka.zooKeeper, ...kafka.brokers].flatMap((server) => server?.pid ?? []);
    expect(pids).toHaveLength(processCount);
    for (const pid of pids) expect(isAlive(pid)).toBe(true);
    await kafka.stop();
    for (const pid of pids) expect(isAlive(pid)).toBe(false);
    await expect(access(kafka.dataDirectory)).rejects.toThrow('ENOENT');
  });

  describe('that never stood', () => {
    let temporary = '';
    beforeEach(async () => {
      temporary = await mkdtemp(join(tmpdir(), 'mskeeper-life-'));
      vi.stubEnv('TMPDIR', temporary);
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await rm(temporary, { recursive: true });
    });

    it('tells why, and keeps nothing', async () => {
      const lines: string[] = [];
      const start = startKafka({
        brokerCount: 1,
        settings: { 'log.retention.ms': 'for ever' },
        onProgress: (line) => lines.push(line),
      });
      await expect(start).rejects.toThrow(/log\.retention\.ms/);
      expect(lines).toContain('Kafka 4.3.1: starting 1 broker');
      expect(await readdir(temporary)).toEqual([]);
    });

    it('is gone too when the start is given up', async () => {
      const giveUp = new AbortController();
      const start = startKafka({ brokerCount: 3, signal: giveUp.signal, onProgress: () => giveUp.abort() });
      await expect(start).rejects.toThrow('aborted');
      expect(await readdir(temporary)).toEqual([]);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { findTool, toolArguments } from '../../../../local/kafka/tools.ts';

const client = { listener: 'scram', bootstrapServers: ['a:1', 'b:2'], settingsPath: '/s' } as const;
const plain = { ...client, listener: 'plaintext' } as const;
const zooKeeper = { ...client, zooKeeperAddress: 'z:2' } as const;

describe('arguments of the official tools', () => {
  it.each([
    ['kafka-topics', '4.3.1', ['--list'], client, '--bootstrap-server a:1,b:2 --command-config /s --list'],
    ['kafka-topics', '4.3.1', ['--list'], plain, '--bootstrap-server a:1,b:2 --list'],
    ['kafka-topics', '4.3.1', ['--list', '--bootstrap-server', 'c:3'], plain, '--list --bootstrap-server c:3'],
    ['kafka-console-consumer', '3.6.2', [], client, '--bootstrap-server a:1,b:2 --consumer.config /s'],
    ['kafka-console-consumer', '4.3.1', [], client, '--bootstrap-server a:1,b:2 --command-config /s'],
    ['kafka-producer-perf-test', '3.6.2', [], plain, '--producer-props bootstrap.servers=a:1,b:2'],
    ['kafka-metadata-quorum', '4.3.1', ['--bootstrap-controller', 'c:3'], plain, '--bootstrap-controller c:3'],
    ['kafka-configs', '3.6.2', ['--zookeeper', 'z:2'], plain, '--zookeeper z:2'],
    ['zookeeper-shell', '3.6.2', ['get', '/controller'], zooKeeper, '-server z:2 get /controller'],
  ] as const)('%s of %s with %j', (name, version, args, of, expected) => {
    expect(toolArguments(name, version, args, of).join(' ')).toBe(expected);
  });

  it('are refused for a tool of ZooKeeper where there is none', () => {
    expect(() => toolArguments('zookeeper-shell', '3.6.2', [], plain)).toThrow('this cluster has no ZooKeeper');
    expect(() => findTool('zookeeper-shell', '4.3.1')).toThrow('Kafka 4.3.1 has no zookeeper-shell');
  });

  it('know that the tools moved between the lines', () => {
    expect(findTool('kafka-topics', '3.6.2').mainClass).toBe('kafka.admin.TopicCommand');
    expect(findTool('kafka-topics', '4.3.1').mainClass).toBe('org.apache.kafka.tools.TopicCommand');
  });
});

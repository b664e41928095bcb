import { describe, expect, it } from 'vitest';
import { type Launch, lastWords, launchCommand, type Runtime, signalCommand } from '../../../../local/kafka/launch.ts';

const launch: Launch = {
  mainClass: 'kafka.Kafka',
  args: ['/data/broker-1/server.properties'],
  name: 'mskeeper-kafka-x-broker-1',
  heapMegabytes: 256,
  logLevel: 'INFO',
  directory: '/data',
};
const java: Runtime = { kind: 'java', version: '4.3.1', java: '/jdk/bin/java', jars: ['/lib/a.jar', '/lib/b.jar'] };
const docker: Runtime = { kind: 'container', version: '4.3.1', command: 'docker' };

describe('the command that runs Kafka', () => {
  it('is Java with all jars, in their order, and a small heap', () => {
    const command = launchCommand(java, launch);
    expect(command[0]).toBe('/jdk/bin/java');
    expect(command).toEqual(expect.arrayContaining(['-Xmx256m', '-XX:TieredStopAtLevel=1']));
    expect(command.slice(-4)).toEqual(['-cp', '/lib/a.jar:/lib/b.jar', 'kafka.Kafka', ...launch.args]);
  });

  it('takes a class archive where there is one', () => {
    expect(launchCommand({ ...java, classArchive: '/c.jsa' }, launch)).toContain('-XX:SharedArchiveFile=/c.jsa');
  });

  it('configures logging in the way of its line', () => {
    expect(launchCommand(java, launch)).toContain('-Dlog4j2.configurationFile=/data/log4j2.properties');
    expect(launchCommand({ ...java, version: '3.6.2' }, launch)).toContain(
      '-Dlog4j.configuration=file:/data/log4j.properties',
    );
  });

  it('is a container on the host network, named, with the data under its own path, removed at its end', () => {
    const command = launchCommand(docker, launch);
    const text = command.join(' ');
    expect(text).toMatch(/^docker run --rm --interactive --name mskeeper-kafka-x-broker-1 --network host /);
    expect(text).toContain('--volume /data:/data --entrypoint /opt/java/openjdk/bin/java apache/kafka:4.3.1 ');
    expect(command.slice(-4)).toEqual(['-cp', '/opt/kafka/libs/*', 'kafka.Kafka', ...launch.args]);
  });
});

describe('signals', () => {
  it('go to a process of this machine as they are', () => {
    expect(signalCommand(java, 'x', 'SIGKILL')).toBeUndefined();
    expect(lastWords(java, 'x')).toBe(':');
  });

  it.each([
    ['SIGKILL', 'docker kill --signal SIGKILL x'],
    ['SIGTERM', 'docker kill --signal SIGTERM x'],
    ['SIGSTOP', 'docker pause x'],
    ['SIGCONT', 'docker unpause x'],
  ] as const)('reach a container through its engine: %s', (signal, command) => {
    expect(signalCommand(docker, 'x', signal)?.join(' ')).toBe(command);
    expect(lastWords(docker, 'x')).toBe('docker rm --force x');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificates } from '../../../../local/kafka/certificates.ts';
import { LocalKafkaError } from '../../../../local/kafka/errors.ts';
import { fetchFacilities, parseJavaMajor, planRuntime } from '../../../../local/kafka/runtime.ts';
import { startKafka } from '../../../../local/kafka/start-kafka.ts';

describe('how Kafka is run on a machine', () => {
  it.each([
    ['own Java and Maven', '4.3.1', false, { javaMajor: 17, hasMaven: true }, { kind: 'java' }],
    ['own Java, jars already cached', '4.3.1', true, { javaMajor: 21, hasMaven: false }, { kind: 'java' }],
    [
      'no Maven, an engine',
      '4.3.1',
      false,
      { javaMajor: 17, hasMaven: false, containerCommand: 'docker' },
      { kind: 'container', command: 'docker' },
    ],
    [
      'no Java, an engine, even with jars',
      '4.3.1',
      true,
      { hasMaven: true, containerCommand: 'podman' },
      { kind: 'container', command: 'podman' },
    ],
    [
      'a Java that is too old, an engine',
      '4.3.1',
      true,
      { javaMajor: 11, hasMaven: true, containerCommand: 'docker' },
      { kind: 'container', command: 'docker' },
    ],
  ] as const)('%s', (_, version, isCached, found, expected) => {
    expect(planRuntime(version, isCached, found)).toEqual(expected);
  });

  it.each([
    ['no Java', true, { hasMaven: true }, /`java` was not found.*Install a Java runtime 17.*--bootstrap/],
    ['an old Java', true, { javaMajor: 8, hasMaven: true }, /`java` is version 8.*Install/],
    ['no Maven and nothing cached', false, { javaMajor: 17, hasMaven: false }, /`mvn` was not found.*Install/],
  ])('says what to install: %s', (_, isCached, found, message) => {
    expect(() => planRuntime('4.3.1', isCached, found)).toThrow(LocalKafkaError);
    expect(() => planRuntime('4.3.1', isCached, found)).toThrow(message);
  });

  it('does not look for an image of the 3.6 line, which there is not', () => {
    expect(() => planRuntime('3.6.2', false, { hasMaven: false, containerCommand: 'docker' })).toThrow(
      /apache\/kafka begins with 3\.7/,
    );
  });

  it('finds nothing on a machine without any of the commands', async () => {
    expect(await fetchFacilities(false, { PATH: '/nonexistent' })).toEqual({ hasMaven: false });
  });

  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['nothing of the kind', undefined],
  ])('reads the major version of %j', (text, major) => {
    expect(parseJavaMajor(text)).toBe(major);
  });
});

describe('a machine where nothing is installed', () => {
  let empty = '';
  beforeEach(async () => {
    empty = await mkdtemp(join(tmpdir(), 'mskeeper-empty-'));
    vi.stubEnv('PATH', empty);
    vi.stubEnv('JAVA_HOME', '');
    vi.stubEnv('XDG_CACHE_HOME', empty);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(empty, { recursive: true });
  });

  it('is told what to install before anything is started', async () => {
    await expect(startKafka({ brokerCount: 3 })).rejects.toThrow(
      'Kafka 4.3.1 cannot run here: `java` was not found, and no container engine answers. Install a Java runtime 17',
    );
  });

  it('is told to install openssl where listeners need certificates', async () => {
    await expect(makeCertificates(join(empty, 'certificates'))).rejects.toThrow(/`openssl` was not found. Install it/);
  });
});

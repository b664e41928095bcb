import { createHash } from 'node:crypto';
import { access, copyFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeBroker } from './broker.ts';
import type { DistributionOptions } from './distribution.ts';
import { withFileLock } from './file-lock.ts';
import type { Runtime } from './launch.ts';
import { prepareBrokers } from './prepare-brokers.ts';
import { runCommand } from './run-command.ts';
import { runTool } from './run-tool.ts';
import { makeSweptDirectory } from './swept-directory.ts';

type JavaRuntime = Extract<Runtime, { kind: 'java' }>;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** An archive fits one Java and one list of jars; another of either gets another archive beside it. */
const archivePath = async (runtime: JavaRuntime, jarDirectory: string): Promise<string> => {
  const { stderr } = await runCommand([runtime.java, '-version']);
  const fingerprint = createHash('sha256')
    .update(`${stderr}\n${runtime.jars.join('\n')}`)
    .digest('hex')
    .slice(0, 16);
  return join(dirname(jarDirectory), `${runtime.version}-${fingerprint}.jsa`);
};

/** Lets one broker start, answer and stop, with Java writing down the classes that it loaded. */
const train = async (runtime: JavaRuntime, target: string, signal?: AbortSignal): Promise<void> => {
  const { directory, sweep } = await makeSweptDirectory('mskeeper-train-');
  try {
    const { plans } = await prepareBrokers({ brokerCount: 1, runtime, directory, ...(signal ? { signal } : {}) });
    for (const plan of plans) {
      const incoming = join(directory, 'classes.jsa');
      const broker = makeBroker({ ...plan, runtime: { ...runtime, recordClassesTo: incoming } });
      try {
        await broker.start();
        await broker.ready([plan.id], signal);
        const bootstrapServers = [`127.0.0.1:${plan.portByListener.plaintext}`];
        await runTool({ runtime, directory, bootstrapServers }, 'kafka-topics', ['--create', '--topic', 'train'], {});
        await broker.stop();
      } finally {
        await broker.kill();
      }
      // Not from one file system to another: only a rename within a directory is atomic.
      const beside = `${target}.${process.pid}`;
      await copyFile(incoming, beside);
      await rename(beside, target);
    }
  } finally {
    await sweep();
  }
};

/**
 * The runtime with a class data archive (JEP 350), which takes about 40 % off the CPU time of every start: made once for
 * each Java and version. Where it can't be made, a progress line says why and brokers start without.
 */
export const withClassArchive = async (
  runtime: JavaRuntime,
  jarDirectory: string,
  { signal, onProgress }: DistributionOptions,
): Promise<JavaRuntime> => {
  const path = await archivePath(runtime, jarDirectory);
  const make = async (): Promise<void> => {
    if (await exists(path)) return;
    onProgress?.(`Kafka ${runtime.version}: preparing faster starts (once)`);
    await train(runtime, path, signal);
  };
  try {
    if (!(await exists(path))) await withFileLock(`${path}.lock`, make, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    onProgress?.(`Kafka ${runtime.version}: starts stay slower, no class archive: ${String(error)}`);
    return runtime;
  }
  return { ...runtime, classArchive: path };
};

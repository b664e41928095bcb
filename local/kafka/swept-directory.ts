import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalKafkaError } from './errors.ts';
import { localKafkaFile } from './versions.ts';

/** A temporary folder that is removed when `sweep` is called, or when this process ends without having called it. */
export type SweptDirectory = {
  readonly directory: string;
  /** For the moment when nobody writes into it any more. @throws LocalKafkaError where it could not be removed */
  sweep(): Promise<void>;
};

/**
 * Makes a folder under the temporary one. Whoever removes it is there first: a SIGKILL at any moment leaves nothing.
 *
 * @param prefix of its name: `mskeeper-kafka-`
 */
export const makeSweptDirectory = async (prefix: string): Promise<SweptDirectory> => {
  const directory = join(tmpdir(), `${prefix}${randomUUID().slice(0, 8)}`);
  const child = spawn('sh', [localKafkaFile('./sweep.sh'), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await once(child, 'spawn');
  child.unref();
  await mkdir(directory, { mode: 0o700 });
  return {
    directory,
    sweep: async () => {
      child.ref();
      child.stdin?.end('now\n');
      if ((await ended) !== 0) throw new LocalKafkaError(`could not remove ${directory}`);
    },
  };
};

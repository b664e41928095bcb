import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { StandIn } from '../../../aws/stand-in.ts';
import type { Person } from './people.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** How a command ended: its exit status, and all that it printed. */
export type Ended = { readonly status: number; readonly said: string };

/**
 * `npm run mskeeper -- …` as a person runs it: a process of its own, with nothing but his credentials.
 *
 * @throws the signal's reason where it is interrupted
 */
export const runCommand = (
  { url }: Pick<StandIn, 'url'>,
  { credentials }: Person,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const program = [join(root, 'cli', 'mskeeper.ts'), ...args, '--file', join(root, 'local', 'mskeeper.yml')];
    const env = {
      ...(process.env.PATH !== undefined && { PATH: process.env.PATH }),
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    };
    execFile(process.execPath, program, { cwd: root, env, signal }, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason);
      const { code } = error ?? { code: 0 };
      if (typeof code === 'number') resolve({ status: code, said: `${stdout}${stderr}` });
      else reject(error);
    });
  });

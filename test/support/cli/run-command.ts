import { vi } from 'vitest';
import type { Output } from '../../../cli/command.ts';
import { commands } from '../../../cli/commands.ts';
import { type CommandTable, dispatch } from '../../../cli/dispatch.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';

/** What a command wrote and returned. */
export type CommandResult = { readonly status: number; readonly written: string; readonly errors: string };

type Look = Pick<Output, 'hasColors' | 'columns'>;

/** Runs a command line as the program does, its output kept. */
export const runCommand = async (
  args: readonly string[],
  table: CommandTable = commands,
  look: Look = { hasColors: false },
): Promise<CommandResult> => {
  const said = { written: '', errors: '' };
  const status = await dispatch(args, table, {
    ...look,
    write: (text) => {
      said.written += text;
    },
    writeError: (text) => {
      said.errors += text;
    },
  });
  return { status, ...said };
};

/** From now on the environment is that of somebody with these credentials, at this stand-in; `vi.unstubAllEnvs` ends it. */
export const stubCredentials = (endpoint: string, credentials: Credentials): void => {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
};

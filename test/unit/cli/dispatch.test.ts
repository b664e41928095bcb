import { expect, test } from 'vitest';
import { parseCommandArgs } from '../../../cli/command.ts';
import { commands } from '../../../cli/commands.ts';
import type { CommandTable } from '../../../cli/dispatch.ts';
import { shown } from '../../../infra/terminal/shown.ts';
import { ConfigError, DependencyError } from '../../../shared/core/errors.ts';
import { runCommand } from '../../support/cli/run-command.ts';

const throwing = (error: unknown) => ({
  summary: 'fails',
  load: async () => async () => {
    throw error;
  },
});

const table: CommandTable = {
  doctor: {
    summary: 'tells its arguments',
    load: async () => async (args, out) => {
      out.write(shown`${args.join(' ')}`);
      return 1;
    },
  },
  history: throwing(new ConfigError('mskeeper.yml is wrong')),
  approve: throwing(new DependencyError('sts:GetCallerIdentity', 'denied', 'denied: no')),
  broken: throwing(new TypeError('a mistake of ours')),
};

const call = (args: readonly string[], commandTable = table) => runCommand(args, commandTable);

test('a command gets what stands behind its name, and its status is the exit status', async () => {
  expect(await call(['doctor', 'orders', '--json'])).toEqual({ status: 1, written: 'orders --json', errors: '' });
});

test.each([
  [['docter'], 'no command is called "docter"; did you mean doctor?\n'],
  [['xyz'], 'no command is called "xyz"; there are doctor, history, approve, broken\n'],
  [['constructor'], 'no command is called "constructor"; there are doctor, history, approve, broken\n'],
  [[], 'name a command: doctor, history, approve, broken; --help tells what they do\n'],
  [['history'], 'mskeeper.yml is wrong\n'],
  [['approve'], 'sts:GetCallerIdentity: denied: no\n'],
])('%j ends with 2 and one line', async (args, errors) => {
  expect(await call(args)).toEqual({ status: 2, written: '', errors });
});

test('a mistake of ours shows its stack', async () => {
  const { status, errors } = await call(['broken']);
  expect(status).toBe(2);
  expect(errors).toMatch(/^TypeError: a mistake of ours\n +at /);
});

test('help names every command with its summary, and each command has a help of its own', async () => {
  const { status, written } = await call(['--help'], commands);
  expect(status).toBe(0);
  for (const [name, { summary }] of Object.entries(commands)) {
    expect(written).toContain(`  ${name} `);
    expect(written).toContain(summary);
    const own = await call([name, '--help'], commands);
    expect({ name, status: own.status, errors: own.errors }).toEqual({ name, status: 0, errors: '' });
    expect(own.written).toContain(`npm run mskeeper -- ${name}`);
  }
});

test('a command line has the common options and its own, and no surplus words', () => {
  const { values, positionals } = parseCommandArgs(['orders', '--deep'], { deep: { type: 'boolean' } }, 1);
  expect({ ...values }).toEqual({ file: 'mskeeper.yml', json: false, help: false, deep: true });
  expect(positionals).toEqual(['orders']);
  expect(() => parseCommandArgs(['orders', 'payments'], {}, 1)).toThrow(
    '"payments" is a word too many; --help shows the command\'s form',
  );
  expect(() => parseCommandArgs(['--nope'], {}, 1)).toThrow("Unknown option '--nope'; --help lists the options");
  expect(() => parseCommandArgs(['--file'], {}, 1)).toThrow(/--file.*; --help lists the options/);
});

import process from 'node:process';
import { commands } from './commands.ts';
import { dispatch } from './dispatch.ts';

// Whoever reads may stop early: `npm run mskeeper -- doctor | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await dispatch(process.argv.slice(2), commands, {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  hasColors: process.stdout.isTTY === true && process.stdout.hasColors(),
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
});

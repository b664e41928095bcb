import process from 'node:process';
import { tamed } from './shown.ts';

/** What a script of the project says. Its lines stay; whatever else a terminal would obey in it is shown instead. */
export const print = (text: string): void => void process.stdout.write(tamed(text));

/** The same for mistakes and progress: a pipe behind the script does not read it. */
export const printError = (text: string): void => void process.stderr.write(tamed(text));

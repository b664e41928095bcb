import process from 'node:process';
import fc from 'fast-check';

// Every random case of every test comes from the one seed that is printed, whether or not its test names it.
fc.configureGlobal({ seed: Number(process.env.MSKEEPER_SEED) });

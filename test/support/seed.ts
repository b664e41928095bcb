import { randomInt } from 'node:crypto';
import process from 'node:process';

/** Before a project's tests: one seed for all of its workers, printed once. */
export const setup = (): void => {
  process.env.MSKEEPER_SEED ??= String(randomInt(2 ** 31 - 1));
  process.stdout.write(
    `seed ${process.env.MSKEEPER_SEED}: MSKEEPER_SEED=${process.env.MSKEEPER_SEED} draws the same\n`,
  );
};

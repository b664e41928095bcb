import { expect } from 'vitest';
import type { DoctorFinding } from '../../../cli/doctor/finding.ts';
import { type CliWorld, type CliWorldOptions, openCliWorld } from './cli-world.ts';

/** What the doctor told, and with which status it ended. */
export type Told = { readonly status: number; readonly worst: string; readonly findings: readonly DoctorFinding[] };

/** Runs the doctor in a world. */
export const examine = async ({ run }: CliWorld, ...more: readonly string[]): Promise<Told> => {
  const { status, written, errors } = await run(['doctor', 'orders', '--json', ...more]);
  expect(errors).toBe('');
  return { status, ...JSON.parse(written) };
};

/** `status check, subject: message → advice` of everything that is neither ok nor skipped. */
export const wrongIn = ({ findings }: Told): string[] =>
  findings
    .filter(({ status }) => status !== 'ok' && status !== 'skipped')
    .map(({ status, check, subject, message }) => `${status} ${check}, ${subject}: ${message}`);

/** A world with the stack deployed in it. */
export const deployed = async (options: CliWorldOptions = {}): Promise<CliWorld> => {
  const world = await openCliWorld(options);
  await world.deploy();
  return world;
};

import * as z from 'zod';
import { ConfigError } from '../core/errors.ts';

/**
 * Variables that the stack sets for a function (infra/stack/stack.ts), by their names.
 *
 * @throws ConfigError that lists every variable that is missing or empty
 */
export function readEnvironment<Name extends `MSKEEPER_${string}`>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<Name, string>> {
  const values = Object.fromEntries(names.map((name) => [name, environment[name]]));
  const parsed = z.record(z.enum(names), z.string().min(1)).safeParse(values);
  if (parsed.success) return parsed.data;
  throw new ConfigError(z.prettifyError(parsed.error));
}

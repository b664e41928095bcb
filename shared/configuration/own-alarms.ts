import * as z from 'zod';
import { ConfigError } from '../core/errors.ts';
import { type OwnAlarms, ownAlarmsFileName } from '../core/own-alarms.ts';
import { findBundled, parseJsonText, readConfigurationText } from './bundled.ts';

const ownAlarmsSchema = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  prefix: z.string().regex(/^[^/]+\/[^/]+\/$/),
  alarms: z.array(
    z.strictObject({
      name: z.string().min(1).max(255),
      rule: z.string().min(1),
      wakes: z.array(z.string().min(1)),
      sentence: z.string().exactOptional(),
      subject: z
        .strictObject({ group: z.string().min(1).exactOptional(), topic: z.string().min(1).exactOptional() })
        .exactOptional(),
    }),
  ),
  teller: z.string().min(1).exactOptional(),
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the list of the stack's own alarms, which packaging made from the same plan as the template's.
 *
 * @throws ConfigError where the file is missing or of another shape
 */
export const readOwnAlarms = (environment: Environment = process.env): OwnAlarms => {
  const path = findBundled(ownAlarmsFileName, environment);
  const parsed = ownAlarmsSchema.safeParse(parseJsonText(path, readConfigurationText(path)));
  if (!parsed.success) throw new ConfigError(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

/** Reads it at the first question and keeps it; what could not be read is tried again by the next. */
export const openOwnAlarms = (environment: Environment = process.env): (() => OwnAlarms) => {
  let kept: OwnAlarms | undefined;
  return () => {
    kept ??= readOwnAlarms(environment);
    return kept;
  };
};

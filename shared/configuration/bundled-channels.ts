import * as z from 'zod';
import type { Channels } from '../core/configuration.ts';
import { ConfigError } from '../core/errors.ts';
import { findBundled, parseJsonText, readConfigurationText } from './bundled.ts';
import { channelsSchema } from './channels-schema.ts';

/** Who is told by which way, and under which names it is kept: in the bundle of the function that tells people, and of no other. */
export const channelsFileName = 'channels.json';

/**
 * Reads the channels of mskeeper.yml, once, at cold start.
 *
 * @throws ConfigError where the file is missing or of another shape
 */
export const readBundledChannels = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Channels => {
  const path = findBundled(channelsFileName, environment);
  const parsed = channelsSchema.safeParse(parseJsonText(path, readConfigurationText(path)));
  if (!parsed.success) throw new ConfigError(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

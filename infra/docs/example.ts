import { join } from 'node:path';
import type { Configuration } from '../../shared/core/configuration.ts';
import { resolveConfiguration } from '../configuration/resolve-configuration.ts';

/** As the documents' commands name it: not mskeeper.yml, which is edited, and the documents would be stale with each edit. */
export const exampleFile = 'infra/docs/example.yml';
export const exampleKey = 'orders';

/** @throws ConfigError where the example itself is wrong: a mistake of ours */
export const exampleConfiguration = (): Configuration =>
  resolveConfiguration(join(import.meta.dirname, '../..', exampleFile));

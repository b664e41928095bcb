import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import type { Plugin } from 'esbuild';
import { ownAlarmsFileName } from '../../shared/core/own-alarms.ts';

/** What the licences of the code in a bundle want to go with it; esbuild takes their words out of the code. */
const licenceFiles = ['LICENSE', 'NOTICE'] as const;

const required = (name: string): string => {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: package with npm run package`);
  return value;
};

/**
 * Puts the configuration, the list of the stack's alarms, what one function alone is to know and the licences at the root of
 * what is zipped, so that what runs is what was reviewed, and keeps esbuild's account of each bundle beside the package: the tests read there which clients a
 * bundle holds.
 */
const withConfiguration: Plugin = {
  name: 'mskeeper-configuration',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd((result) => {
      if (result.metafile === undefined || result.errors.length > 0) return;
      const buildFolder = join(required('MSKEEPER_WORK_FOLDER'), '.build');
      mkdirSync(buildFolder, { recursive: true });
      copyFileSync(required('MSKEEPER_CONFIGURATION_FILE'), join(buildFolder, 'mskeeper.json'));
      copyFileSync(required('MSKEEPER_OWN_ALARMS_FILE'), join(buildFolder, ownAlarmsFileName));
      const only = required('MSKEEPER_ONLY_FOLDER');
      // serverless-esbuild puts what lies in a folder of such a name into the zip of that function alone.
      for (const slug of existsSync(only) ? readdirSync(only) : [])
        cpSync(join(only, slug), join(buildFolder, `__only_${slug}`), { recursive: true });
      for (const file of licenceFiles) copyFileSync(join(import.meta.dirname, '../..', file), join(buildFolder, file));
      const [output] = Object.values(result.metafile.outputs);
      const entry = (output?.entryPoint ?? 'unknown').replace(/\.ts$/, '').replaceAll('/', '-');
      mkdirSync(required('MSKEEPER_METAFILE_FOLDER'), { recursive: true });
      writeFileSync(join(required('MSKEEPER_METAFILE_FOLDER'), `${entry}.json`), JSON.stringify(result.metafile));
    });
  },
};

export default [withConfiguration];

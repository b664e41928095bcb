import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { channelsFileName } from '../../shared/configuration/bundled-channels.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { ownAlarmsFileName } from '../../shared/core/own-alarms.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import type { StackParts } from '../functions.ts';
import { ownAlarmsOf } from '../stack/alarms.ts';
import { stackContextOf } from '../stack/context.ts';
import { requireLimits } from '../stack/limits/require.ts';
import { buildStack } from '../stack/stack.ts';
import { bundleOptions } from './bundle-options.ts';
import { withPackagingLock } from './packaging-lock.ts';
import { requireRoom, type TemplateSize } from './room.ts';
import { travellingOf } from './travelling.ts';

export const projectRoot = join(import.meta.dirname, '../..');
const cacheFolder = join(projectRoot, '.cache', 'package');
/** Where osls writes, whatever it is told. */
const serverlessFolder = join(projectRoot, '.serverless');
const keptFolder = join(cacheFolder, 'kept');
export const templateFileName = 'cloudformation-template-update-stack.json';

export type PackageRequest = {
  readonly configuration: Configuration;
  readonly clusterKey: string;
  /** Replaced as a whole. */
  readonly output: string;
  readonly isVerbose: boolean;
  /** What the stack is made of; the product's where it is not given. */
  readonly parts?: StackParts;
};

export type PackagedStack = TemplateSize & {
  readonly alarmCount: number;
  readonly zips: readonly { readonly name: string; readonly bytes: number }[];
};

export const serverlessProgram = join(projectRoot, 'node_modules/serverless/bin/serverless.js');

/** What serverless.yml and the bundles' plugin read of one cluster's stack. */
export const stackEnvironment = (clusterKey: string) => {
  const folder = join(cacheFolder, clusterKey);
  return {
    MSKEEPER_STACK_FILE: relative(projectRoot, join(folder, 'stack.json')),
    MSKEEPER_WORK_FOLDER: join(folder, 'work'),
    MSKEEPER_CONFIGURATION_FILE: join(folder, 'mskeeper.json'),
    MSKEEPER_OWN_ALARMS_FILE: join(folder, ownAlarmsFileName),
    MSKEEPER_ONLY_FOLDER: join(folder, 'only'),
    MSKEEPER_METAFILE_FOLDER: join(folder, 'metafiles'),
    SLS_SCHEMA_CACHE_BASE_DIR: join(cacheFolder, 'schema'),
  };
};

/** serverless-esbuild leaves a folder for each function where temporary files go: here the next packaging removes them. */
const temporaryFolder = (clusterKey: string): string => join(cacheFolder, clusterKey, 'tmp');

/** Dummy credentials keep osls from looking for real ones: packaging asks AWS nothing. */
const packagingEnvironment = (clusterKey: string): NodeJS.ProcessEnv => ({
  ...process.env,
  TMPDIR: temporaryFolder(clusterKey),
  ...stackEnvironment(clusterKey),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
});

/** Without indentation the template is half as large, and the file is what osls uploads: one size to hold against the limit. */
const packageCommand = ['package', '--minify-template'];

const runServerless = (clusterKey: string, isVerbose: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [serverlessProgram, ...packageCommand, ...(isVerbose ? ['--verbose'] : [])], {
      cwd: projectRoot,
      env: packagingEnvironment(clusterKey),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        said += text;
        if (isVerbose) process.stderr.write(text);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`serverless package ended with ${code}:\n${said.trim()}`));
    });
  });

/** The finished package takes the old one's place at once, so that nobody reads half of each. */
const moveTo = (output: string): void => {
  if (output === serverlessFolder) return;
  const beside = `${output}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(dirname(output), { recursive: true });
  cpSync(serverlessFolder, beside, { recursive: true });
  rmSync(output, { recursive: true, force: true });
  renameSync(beside, output);
};

/** Another cluster's package is put aside while osls works in its place. One that a killed packaging put aside comes back first. */
const clearFor = (output: string): void => {
  if (existsSync(keptFolder)) {
    rmSync(serverlessFolder, { recursive: true, force: true });
    renameSync(keptFolder, serverlessFolder);
  }
  if (output !== serverlessFolder && existsSync(serverlessFolder)) renameSync(serverlessFolder, keptFolder);
  rmSync(serverlessFolder, { recursive: true, force: true });
};

const restoreKept = (output: string): void => {
  if (output === serverlessFolder) return;
  rmSync(serverlessFolder, { recursive: true, force: true });
  if (existsSync(keptFolder)) renameSync(keptFolder, serverlessFolder);
};

const readResources = (folder: string): Resources => {
  const template: { readonly Resources: Resources } = JSON.parse(readFileSync(join(folder, templateFileName), 'utf8'));
  return template.Resources;
};

const measure = (folder: string): TemplateSize & Pick<PackagedStack, 'alarmCount'> => {
  const resources = Object.values(readResources(folder));
  return {
    resourceCount: resources.length,
    templateBytes: statSync(join(folder, templateFileName)).size,
    alarmCount: resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length,
  };
};

/**
 * Makes template and zips of one cluster's stack.
 *
 * @throws ConfigError where the stack cannot be built or is larger than CloudFormation takes: then no package is left that
 *   could be deployed
 */
export const packageStack = async (request: PackageRequest): Promise<PackagedStack> => {
  const { configuration, clusterKey, output, isVerbose, parts } = request;
  const nowMs = Date.now();
  const stack = buildStack(configuration, clusterKey, parts, nowMs);
  const context = stackContextOf(configuration, clusterKey, parts, nowMs);
  const ownAlarms = ownAlarmsOf(context, parts);
  const teller = tellerOf(context);
  const folder = join(cacheFolder, clusterKey);
  return withPackagingLock(join(cacheFolder, 'lock'), async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(temporaryFolder(clusterKey), { recursive: true });
    const esbuild = {
      ...bundleOptions,
      outputFileExtension: '.mjs',
      exclude: [],
      outputWorkFolder: relative(projectRoot, join(folder, 'work')),
      plugins: 'infra/packaging/bundle-plugins.ts',
    };
    writeFileSync(join(folder, 'stack.json'), JSON.stringify({ ...stack, esbuild }, null, 2));
    writeFileSync(join(folder, 'mskeeper.json'), JSON.stringify(travellingOf(configuration, clusterKey)));
    writeFileSync(join(folder, ownAlarmsFileName), JSON.stringify(ownAlarms));
    if (teller !== undefined) {
      const ofTeller = join(folder, 'only', teller.slug);
      mkdirSync(ofTeller, { recursive: true });
      writeFileSync(join(ofTeller, channelsFileName), JSON.stringify(configuration.channels));
    }
    clearFor(output);
    try {
      await runServerless(clusterKey, isVerbose);
      requireRoom(clusterKey, measure(serverlessFolder));
      requireLimits(clusterKey, readResources(serverlessFolder));
      moveTo(output);
    } catch (error) {
      rmSync(serverlessFolder, { recursive: true, force: true });
      throw error;
    } finally {
      restoreKept(output);
    }
    return {
      ...measure(output),
      zips: readdirSync(output)
        .filter((name) => name.endsWith('.zip'))
        .map((name) => ({ name, bytes: statSync(join(output, name)).size })),
    };
  });
};

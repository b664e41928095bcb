import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { ConfigError } from '../shared/core/errors.ts';
import type { StackContext } from '../shared/deployment/names.ts';
import { runCommand, UsageError } from './command-line.ts';
import { formatPath } from './configuration/mistake.ts';
import { resolveConfiguration } from './configuration/resolve-configuration.ts';
import { findUnreadOf } from './configuration/unread-settings.ts';
import { findWarnings } from './configuration/warnings.ts';
import { type PackagedStack, packageStack, projectRoot } from './packaging/package-stack.ts';
import { describeRoom } from './packaging/room.ts';
import { alarmsNotMade } from './stack/alarms.ts';
import { stackContextOf } from './stack/context.ts';
import { channelsThatNothingReaches } from './stack/subscriptions.ts';
import { print } from './terminal/print.ts';

const help = `Makes what CloudFormation deploys: the template of one cluster's stack and a zip for each function.
Needs no credentials and no network.

  npm run package                      the only cluster of mskeeper.yml, or its first, into .serverless/
  npm run package -- --cluster orders  that one
  npm run package -- --all             every cluster, each into .serverless/<cluster>/

  --configuration <file>   another mskeeper.yml
  --output <folder>        another folder
  --verbose                what serverless says
  --help
`;

/** One line: the preset's numbers are among them, and nobody can do anything about those. */
const describeUnread = ({ configuration, functions }: StackContext): readonly string[] => {
  const unread = findUnreadOf(configuration, functions).map(({ path }) => formatPath(path));
  return unread.length === 0 ? [] : [`  nothing reads this yet: ${unread.join(', ')}`];
};

const describeWarnings = ({ configuration, nowMs }: StackContext): readonly string[] =>
  findWarnings(configuration, nowMs).map(({ path, message }) => `  ${formatPath(path)}: ${message}`);

const describe = (context: StackContext, made: PackagedStack, output: string): string =>
  [
    `${context.clusterKey}: ${made.resourceCount} resources, ${made.alarmCount} alarms, ${made.zips.length} functions → ${relative(process.cwd(), output) || '.'}`,
    ...made.zips.map(({ name, bytes }) => `  ${name} ${(bytes / 1024).toFixed(0)} KiB`),
    `  ${describeRoom(made)}`,
    ...channelsThatNothingReaches(context).map((line) => `  reaches nobody: ${line}`),
    ...describeWarnings(context),
    ...describeUnread(context),
    ...alarmsNotMade(context).map(({ what, because }) => `  no alarm: ${what}: ${because}`),
    '',
  ].join('\n');

type Values = {
  readonly cluster?: string | undefined;
  readonly all: boolean;
  readonly configuration: string;
  readonly output: string;
  readonly verbose: boolean;
};

const packageChosen = async (values: Values): Promise<void> => {
  if (values.all && values.cluster !== undefined) throw new UsageError('--all and --cluster exclude each other');
  const configuration = resolveConfiguration(values.configuration);
  const keys = Object.keys(configuration.clusters);
  const [first] = keys;
  if (first === undefined) throw new ConfigError(`${values.configuration} has no clusters`);
  const chosen = values.all ? keys : [values.cluster ?? first];
  for (const clusterKey of chosen) {
    const output = resolve(values.output, values.all ? clusterKey : '');
    const made = await packageStack({ configuration, clusterKey, output, isVerbose: values.verbose });
    print(describe(stackContextOf(configuration, clusterKey), made, output));
  }
  if (!values.all && values.cluster === undefined && keys.length > 1) {
    print(`${values.configuration} has more clusters than ${first}: --cluster <key>, or --all\n`);
  }
};

await runCommand({
  help,
  options: {
    cluster: { type: 'string' },
    all: { type: 'boolean', default: false },
    configuration: { type: 'string', default: join(projectRoot, 'mskeeper.yml') },
    output: { type: 'string', default: join(projectRoot, '.serverless') },
    verbose: { type: 'boolean', default: false },
  },
  run: async ({ values }) => {
    await packageChosen(values);
    return undefined;
  },
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channelsFileName } from '../../shared/configuration/bundled-channels.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { ownAlarmsFileName } from '../../shared/core/own-alarms.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import { ownAlarmsOf } from '../stack/alarms.ts';
import { stackContextOf } from '../stack/context.ts';
import { buildStack } from '../stack/stack.ts';
import type { Bundle } from './bundle.ts';
import { travellingOf } from './travelling.ts';

/** A bundle laid out as Lambda unpacks it, with the environment that its template gives it. */
export type Trial = {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** Any text does where CloudFormation would put a name or an ARN: loading a bundle calls nobody. */
export const prepareTrial = async (
  bundle: Bundle,
  configuration: Configuration,
  where: { readonly clusterKey: string; readonly slug: string; readonly folder: string },
): Promise<Trial> => {
  const { clusterKey, slug, folder } = where;
  const file = join(folder, 'handler.mjs');
  await writeFile(file, bundle.contents);
  await writeFile(join(folder, 'mskeeper.json'), JSON.stringify(travellingOf(configuration, clusterKey)));
  const context = stackContextOf(configuration, clusterKey);
  const ownAlarms = ownAlarmsOf(context);
  await writeFile(join(folder, ownAlarmsFileName), JSON.stringify(ownAlarms));
  if (tellerOf(context)?.slug === slug)
    await writeFile(join(folder, channelsFileName), JSON.stringify(configuration.channels));
  const variables = Object.entries(buildStack(configuration, clusterKey).functions[slug]?.environment ?? {});
  const texts = variables.map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : 'made-by-cloudformation',
  ]);
  return { file, environment: { ...Object.fromEntries(texts), AWS_REGION: 'eu-west-1', LAMBDA_TASK_ROOT: folder } };
};

import { functionDefinitions, productParts } from '../../../../infra/functions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { brokerIdsFromOne } from '../../../../shared/core/broker-ids.ts';
import type { ClusterConfiguration, Configuration } from '../../../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../../../shared/deployment/function-definition.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import type { Json, JsonObject, Resource } from '../../../../shared/deployment/template.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

/** The smallest sound configuration, by a preset, with one cluster changed. */
export const configurationWith = (
  change: Partial<ClusterConfiguration> = {},
  preset = 'msk-operations',
): Configuration => {
  const { configuration, mistakes } = judge(smallFile({}, `policy: { preset: ${preset} }\n`));
  const orders = configuration?.clusters.orders;
  if (configuration === undefined || orders === undefined) throw new Error(JSON.stringify(mistakes));
  const brokerIds = change.brokerCount === undefined ? orders.brokerIds : brokerIdsFromOne(change.brokerCount);
  return { ...configuration, clusters: { orders: { ...orders, brokerIds, ...change } } };
};

export const contextWith = (change: Partial<ClusterConfiguration> = {}, preset?: string): StackContext =>
  stackContextOf(configurationWith(change, preset), 'orders');

export const resourcesWith = (change: Partial<ClusterConfiguration> = {}, preset?: string) =>
  Object.entries(buildStack(configurationWith(change, preset), 'orders').resources);

export const ofType = (resources: readonly (readonly [string, Resource])[], type: string) =>
  resources.filter(([, { Type }]) => Type === type).map(([logicalId, { Properties }]) => ({ logicalId, Properties }));

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

export const objectsOf = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject);

/** What stands at a path of keys, in plain JSON. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((inside, key) => (isObject(inside) ? inside[key] : undefined), value);

/** `Ref`s and `GetAtt`s by their logical id, joins by their parts: short enough to read in a table. */
export const shown = (value: Json | undefined): string => {
  if (typeof value === 'string') return value;
  const [joined] = listOf(at(value, 'Fn::Join')).slice(1);
  if (joined !== undefined) return listOf(joined).map(shown).join('');
  const [logicalId] = listOf(at(value, 'Fn::GetAtt'));
  return String(logicalId ?? at(value, 'Ref') ?? JSON.stringify(value));
};

/** The functions there are, again and again under names, and schedules, of their own, until they are 28. */
export const twentyEight = Array.from({ length: Math.ceil(28 / functionDefinitions.length) }, (_, copy) =>
  functionDefinitions.map((one): FunctionDefinition => {
    const renamed = (slug: string) => (copy === 0 ? slug : `${slug}-${copy}`);
    const schedules = one.schedules.map((schedule) => ({ ...schedule, key: renamed(schedule.key) }));
    return { ...one, slug: renamed(one.slug), schedules, ...(one.starts && { starts: renamed(one.starts) }) };
  }),
)
  .flat()
  .slice(0, 28);

/** The stack of so many brokers with these functions, each schedule of theirs on. */
export const stackOf = (brokerCount: number, functions: readonly FunctionDefinition[], clusterKey = 'orders') => {
  const configuration = configurationWith({ brokerCount, monitoringLevel: 'PER_BROKER' });
  const keys = functions.flatMap(({ schedules }) => schedules.map(({ key }) => [key, 'rate(1 hour)']));
  const schedules = { ...configuration.schedules, ...Object.fromEntries(keys) };
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  const clusters = { [clusterKey]: orders };
  return buildStack({ ...configuration, clusters, schedules }, clusterKey, { ...productParts, functions });
};

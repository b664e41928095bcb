import { planBrokerAlarms } from '../../../../functions/health/cluster-health/alarms/broker.ts';
import { functionDefinitions, productParts, type StackParts } from '../../../../infra/functions.ts';
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

/** One stack has one who tells people: he is copied never. */
const functionsOfCopy = (copy: number): readonly FunctionDefinition[] =>
  functionDefinitions
    .filter(({ tellsPeople }) => !tellsPeople || copy === 0)
    .map((one) => {
      const renamed = (slug: string) => (copy === 0 ? slug : `${slug}-${copy}`);
      const schedules = one.schedules.map((schedule) => ({ ...schedule, key: renamed(schedule.key) }));
      const [slug, procedure] = [renamed(one.slug), renamed(one.procedure)];
      return { ...one, slug, procedure, schedules, ...(one.starts && { starts: renamed(one.starts) }) };
    });

/**
 * Alarms of a copy: one rule over all brokers, which every preset has, under the copy's name. Not all that cluster-health has:
 * what there is to watch of a cluster is watched once, and who comes later adds what nobody watched, as storage-scaling did.
 */
const alarmsOf =
  (owner: string): StackParts['alarms'][number] =>
  (context) => ({
    alarms: planBrokerAlarms(context).alarms.flatMap((alarm) =>
      alarm.slug === 'under-replicated' && alarm.severity === 'critical' ? [{ ...alarm, owner }] : [],
    ),
    notMade: [],
  });

/** The functions there are, again and again under names and schedules of their own and with alarms that wake them, until they are 28. */
export const twentyEight: StackParts = (() => {
  const functions = Array.from({ length: 28 }, (_, copy) => functionsOfCopy(copy))
    .flat()
    .slice(0, 28);
  const copied = functions.slice(functionDefinitions.length).filter(({ isWokenByAlarms }) => isWokenByAlarms);
  return { functions, alarms: [...productParts.alarms, ...copied.map(({ slug }) => alarmsOf(slug))] };
})();

/** As many of them that write into the bucket: no stack will have so many, since arms do not. */
export const twentyEightWriters: StackParts = {
  functions: Array.from({ length: 28 }, (_, copy) => functionsOfCopy(copy).filter(({ isProcedure }) => isProcedure))
    .flat()
    .slice(0, 28),
  alarms: [],
};

/** A configuration of so many brokers, with every schedule of these functions on. */
export const largeConfiguration = (
  brokerCount: number,
  { functions }: Pick<StackParts, 'functions'>,
  { preset, clusterKey = 'orders' }: { readonly preset?: string; readonly clusterKey?: string } = {},
): Configuration => {
  const configuration = configurationWith({ brokerCount, monitoringLevel: 'PER_TOPIC_PER_BROKER' }, preset);
  const keys = functions.flatMap(({ schedules }) => schedules.map(({ key }) => [key, 'rate(1 hour)']));
  const schedules = { ...configuration.schedules, ...Object.fromEntries(keys) };
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  return { ...configuration, clusters: { [clusterKey]: orders }, schedules };
};

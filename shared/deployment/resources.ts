import { ConfigError } from '../core/errors.ts';
import type { Resource, Resources } from './template.ts';

/** The property that names a resource for the whole account and Region, where the template chooses the name. */
const nameProperty: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
};

const nameOf = ({ Type, Properties }: Resource): string | undefined => {
  const property = nameProperty[Type];
  const name = property === undefined ? undefined : Properties[property];
  return typeof name === 'string' ? name : undefined;
};

/** A resource for the person who reads that two are one. */
const described = (resource: Resource): string => {
  const { Type, Properties } = resource;
  const said = nameOf(resource) ?? Properties.Description ?? Properties.Endpoint;
  return typeof said === 'string' ? `${Type} ${JSON.stringify(said)}` : Type;
};

export type ResourceEntry = readonly [logicalId: string, resource: Resource];

/**
 * Makes one map of many resources. Nothing overwrites in silence: an alarm or a subscriber would vanish.
 *
 * @throws ConfigError naming both where a logical id, or a name within its type, is used twice
 */
export const resourcesOf = (entries: Iterable<ResourceEntry>): Resources => {
  const byId = new Map<string, Resource>();
  const idByName = new Map<string, string>();
  for (const [id, resource] of entries) {
    const other = byId.get(id);
    if (other !== undefined) {
      throw new ConfigError(
        `two resources would have the logical id ${id}: ${described(other)} and ${described(resource)}: rename one in mskeeper.yml`,
      );
    }
    byId.set(id, resource);
    const name = nameOf(resource);
    if (name === undefined) continue;
    const key = `${resource.Type} ${name}`;
    const namesake = idByName.get(key);
    if (namesake !== undefined) {
      throw new ConfigError(`two resources, ${namesake} and ${id}, would be the ${key}: rename one in mskeeper.yml`);
    }
    idByName.set(key, id);
  }
  return Object.fromEntries(byId);
};

/** One map of several. @throws ConfigError as `resourcesOf` */
export const mergeResources = (...maps: readonly Resources[]): Resources =>
  resourcesOf(maps.flatMap((map) => Object.entries(map)));

import type { AwsWorld } from '../world.ts';
import { isRecord, NO_VALUE, resolve, resolveCondition, type Scope, TemplateError } from './intrinsics.ts';
import { creationOrder } from './order.ts';
import type { CreatedResource } from './resource.ts';
import { readTemplate, type Template } from './template.ts';

export type Stack = {
  readonly name: string;
  /** By logical id; resources whose condition is false are absent. */
  readonly resources: ReadonlyMap<string, CreatedResource & { readonly type: string }>;
  readonly outputs: Readonly<Record<string, unknown>>;
};

/**
 * Creates every resource of a packaged template in the world's services, in the order of their references, but those that
 * exist already.
 * @throws TemplateError listing every resource type that nobody serves, before anything is created; or naming the place
 * of a function, parameter, condition or attribute that does not resolve.
 */
export async function createStack(
  world: AwsWorld,
  document: unknown,
  options: { stackName: string; parameters?: Readonly<Record<string, string>>; existing?: Stack['resources'] },
): Promise<Stack> {
  const template = readTemplate(document);
  const created = new Map<string, CreatedResource & { readonly type: string }>(options.existing ?? []);
  const scope = createScope(world, template, options, created);
  const isWanted = (condition: string | undefined): boolean => condition === undefined || scope.condition(condition);
  const wanted = Object.entries(template.resources).filter(([, { condition }]) => isWanted(condition));
  assertServed(wanted, world);
  for (const logicalId of creationOrder(Object.fromEntries(wanted))) {
    if (created.has(logicalId)) continue;
    const { type, properties } = template.resources[logicalId] ?? { type: '', properties: {} };
    const create = world.creators.get(type);
    const resolved = resolve(properties, scope, `${logicalId}.Properties`);
    if (!create || !isRecord(resolved))
      throw new TemplateError(`${logicalId}: the properties of ${type} are no object`);
    const request = { logicalId, type, properties: resolved, stackName: options.stackName };
    try {
      const resource = await create({ ...request, region: world.region, accountId: world.accountId });
      created.set(logicalId, { ...resource, type });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TemplateError(`${logicalId} (${type}): ${reason}`, { cause });
    }
  }
  const outputs = Object.entries(template.outputs).filter(([, { condition }]) => isWanted(condition));
  const values = outputs.map(([name, { value }]) => [name, resolve(value, scope, `Outputs.${name}`)]);
  return { name: options.stackName, resources: created, outputs: Object.fromEntries(values) };
}

function assertServed(wanted: readonly (readonly [string, { readonly type: string }])[], world: AwsWorld): void {
  const unserved = wanted.filter(([, { type }]) => !world.creators.has(type));
  if (unserved.length === 0) return;
  const names = unserved.map(([logicalId, { type }]) => `${type} (${logicalId})`);
  throw new TemplateError(`the local world does not serve these resource types of the template: ${names.join(', ')}`);
}

function createScope(
  world: AwsWorld,
  template: Template,
  options: { stackName: string; parameters?: Readonly<Record<string, string>> },
  created: ReadonlyMap<string, CreatedResource>,
): Scope {
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': world.accountId,
    'AWS::Region': world.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': options.stackName,
    'AWS::StackId': `arn:aws:cloudformation:${world.region}:${world.accountId}:stack/${options.stackName}/local`,
    'AWS::NoValue': NO_VALUE,
  };
  const parameter = (name: string): unknown => {
    const { defaultValue, isList } = template.parameters[name] ?? { defaultValue: undefined, isList: false };
    const value = options.parameters?.[name] ?? defaultValue;
    if (value === undefined) throw new TemplateError(`the parameter ${name} has neither a value nor a default`);
    return isList
      ? String(value)
          .split(',')
          .map((item) => item.trim())
      : value;
  };
  const find = (logicalId: string): CreatedResource => {
    const resource = created.get(logicalId);
    if (resource) return resource;
    const why = logicalId in template.resources ? 'is not created, its condition is false' : 'does not exist';
    throw new TemplateError(`a reference to ${logicalId}, which ${why}`);
  };
  const scope: Scope = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      return name in template.parameters ? parameter(name) : find(name).ref;
    },
    attribute(logicalId, attribute) {
      const { attributes } = find(logicalId);
      if (attribute in attributes) return attributes[attribute];
      const known = Object.keys(attributes).join(', ');
      throw new TemplateError(`${logicalId} has no attribute ${attribute}; it has ${known}`);
    },
    condition(name) {
      if (!(name in template.conditions)) throw new TemplateError(`the condition ${name} does not exist`);
      return resolveCondition(template.conditions[name], scope, `Conditions.${name}`);
    },
    mapping(map, key, secondKey) {
      const top = template.mappings[map];
      const entry = isRecord(top) ? top[key] : undefined;
      const value = isRecord(entry) ? entry[secondKey] : undefined;
      if (value === undefined) throw new TemplateError(`the mapping ${map}.${key}.${secondKey} does not exist`);
      return value;
    },
    dynamic(service, reference) {
      const lookUp = world.dynamicReferences.get(service);
      if (!lookUp) throw new TemplateError(`the dynamic reference {{resolve:${service}:…}} is not supported`);
      return lookUp(reference);
    },
  };
  return scope;
}

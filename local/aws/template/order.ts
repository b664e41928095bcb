import { isRecord, TemplateError } from './intrinsics.ts';
import type { TemplateResource } from './template.ts';

/**
 * What its service refuses where something that it names by its text alone is not there yet. CloudFormation promises no order
 * that a template does not state, so these are made as early as the template lets them.
 */
const impatientTypes: readonly string[] = ['AWS::CloudWatch::CompositeAlarm'];

/**
 * Logical ids so that each comes after those it refers to, by DependsOn, Ref, Fn::GetAtt or Fn::Sub; otherwise in the
 * template's own order, impatient types first.
 * @throws TemplateError naming the circle.
 */
export function creationOrder(resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const ordered = new Set<string>();
  const visit = (id: string, trail: readonly string[]): void => {
    if (ordered.has(id)) return;
    if (trail.includes(id))
      throw new TemplateError(`Circular dependency between resources: ${[...trail, id].join(' → ')}`);
    const resource = resources[id];
    if (!resource) return;
    const needed = new Set([...resource.dependsOn, ...references(resource.properties)]);
    for (const other of needed) if (other !== id) visit(other, [...trail, id]);
    ordered.add(id);
  };
  const isImpatient = (id: string): boolean => impatientTypes.includes(resources[id]?.type ?? '');
  const ids = Object.keys(resources);
  for (const id of [...ids.filter(isImpatient), ...ids]) visit(id, []);
  return [...ordered];
}

function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref' && typeof argument === 'string') return [argument];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(argument) ? argument[0] : argument).split('.')[0] ?? ''];
    if (key !== 'Fn::Sub') return references(argument);
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const names = [...String(template).matchAll(/\$\{([^!}][^}]*)\}/g)].map(
      ([, name = '']) => name.split('.')[0] ?? '',
    );
    return [...names, ...references(variables)];
  });
}

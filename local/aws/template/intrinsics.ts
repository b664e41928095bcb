/** A template that CloudFormation would refuse, or that uses what the stand-in does not understand; names the place. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What intrinsic functions look things up in. Each throws TemplateError for a name it does not know. */
export type Scope = {
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, key: string, secondKey: string): unknown;
  /** `{{resolve:ssm:/name}}` by its service and reference. */
  dynamic(service: string, reference: string): string;
};

/** `Ref: AWS::NoValue` removes the property or list element that it stands for. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

/**
 * Replaces every intrinsic function below `value`.
 * Source: CloudFormation Template Reference, "Intrinsic function reference".
 */
export function resolve(value: unknown, scope: Scope, path: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolve(item, scope, `${path}[${index}]`)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value === 'string') return resolveDynamic(value, scope);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const result = callFunction(name, argument, scope, `${path}.${name}`);
    // Fn::Join and Fn::Sub may have put a dynamic reference together.
    return typeof result === 'string' ? resolveDynamic(result, scope) : result;
  }
  const resolved = entries.map(([key, item]) => [key, resolve(item, scope, `${path}.${key}`)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
}

/** `{{resolve:ssm:/name}}` anywhere in a string. Source: CloudFormation User Guide, "Dynamic references". */
function resolveDynamic(text: string, scope: Scope): string {
  return text.replace(/\{\{resolve:([\w-]+):([^}]+)\}\}/g, (_, service: string, reference: string) =>
    scope.dynamic(service, reference),
  );
}

/** Evaluates what stands in the Conditions section or in Fn::If. */
export function resolveCondition(value: unknown, scope: Scope, path: string): boolean {
  if (isRecord(value)) {
    const [[name, argument] = ['', undefined]] = Object.entries(value);
    const all = (): readonly boolean[] =>
      list(argument, path).map((item) => resolveCondition(item, scope, `${path}.${name}`));
    switch (name) {
      case 'Condition':
        return scope.condition(String(argument));
      case 'Fn::Not':
        return !all()[0];
      case 'Fn::And':
        return all().every(Boolean);
      case 'Fn::Or':
        return all().some(Boolean);
      case 'Fn::Equals': {
        const [left, right] = list(argument, path).map((item) => JSON.stringify(resolve(item, scope, path)));
        return left === right;
      }
      default:
        break;
    }
  }
  throw new TemplateError(`${path}: ${JSON.stringify(value)} is no condition function`);
}

function callFunction(name: string, argument: unknown, scope: Scope, path: string): unknown {
  const args = (): readonly unknown[] => list(argument, path).map((item) => resolve(item, scope, path));
  switch (name) {
    case 'Ref':
      return scope.ref(text(argument, path));
    case 'Fn::GetAtt': {
      const [logicalId, ...attribute] = Array.isArray(argument)
        ? args().map((item) => text(item, path))
        : text(argument, path).split('.');
      return scope.attribute(logicalId ?? '', attribute.join('.'));
    }
    case 'Fn::Sub':
      return substitute(argument, scope, path);
    case 'Fn::Join': {
      const [separator, parts] = args();
      return list(parts, path)
        .map((part) => text(part, path))
        .join(text(separator, path));
    }
    case 'Fn::Split': {
      const [separator, source] = args();
      return text(source, path).split(text(separator, path));
    }
    case 'Fn::Select': {
      const [index, items] = args();
      const selected = list(items, path)[Number(index)];
      if (selected === undefined) throw new TemplateError(`${path}: there is no element ${String(index)}`);
      return selected;
    }
    case 'Fn::If': {
      const [condition, ifTrue, ifFalse] = list(argument, path);
      return resolve(scope.condition(text(condition, path)) ? ifTrue : ifFalse, scope, path);
    }
    case 'Fn::FindInMap': {
      const [map, key, secondKey] = args().map((item) => text(item, path));
      return scope.mapping(map ?? '', key ?? '', secondKey ?? '');
    }
    case 'Fn::Base64':
      return Buffer.from(text(resolve(argument, scope, path), path)).toString('base64');
    default:
      throw new TemplateError(`${path}: the intrinsic function ${name} is not supported`);
  }
}

/** `${Name}`, `${Name.Attribute}`, names of the function's own map, and `${!Literal}`. */
function substitute(argument: unknown, scope: Scope, path: string): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = resolve(variables, scope, path);
  return text(template, path).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (isRecord(own) && Object.hasOwn(own, name)) return text(own[name], path);
    const [logicalId = '', ...attribute] = name.split('.');
    return text(attribute.length > 0 ? scope.attribute(logicalId, attribute.join('.')) : scope.ref(name), path);
  });
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${path}: expected a string, found ${JSON.stringify(value)}`);
}

function list(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${path}: expected a list, found ${JSON.stringify(value)}`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import * as z from 'zod';
import { isSameList } from '../../shared/core/same-list.ts';
import { type FileSchema, fileSchema } from './file-schema.ts';
import type { Mistake } from './mistake.ts';
import { findNearest } from './suggestion.ts';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

const toPath = (keys: readonly PropertyKey[]): Path => keys.map((key) => (typeof key === 'number' ? key : String(key)));

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  }, data);

const describeType = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (Number.isNaN(value)) return '.nan';
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return 'endless or too large';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/** The settings that a map at this path may have, by walking the JSON Schema; alternatives are added up. */
const findSettings = (path: Path, schema: FileSchema): readonly string[] => {
  let nodes: z.core.JSONSchema.BaseSchema[] = [z.toJSONSchema(schema, { io: 'input' })];
  const spread = (node: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema[] => [
    node,
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((branch) => (isSchema(branch) ? spread(branch) : [])),
  ];
  for (const key of path) {
    nodes = nodes.flatMap(spread).flatMap((node) => {
      const next = node.properties?.[key] ?? (typeof key === 'number' ? node.items : node.additionalProperties);
      return isSchema(next) ? [next] : [];
    });
  }
  return nodes
    .flatMap(spread)
    .flatMap(({ properties, propertyNames }) => [
      ...Object.keys(properties ?? {}),
      ...(isSchema(propertyNames) ? (propertyNames.enum ?? []).map(String) : []),
    ]);
};

const isSchema = (value: unknown): value is z.core.JSONSchema.BaseSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const explainUnknownKey = (path: Path, key: string, settings: readonly string[]): Mistake => {
  const nearest = findNearest(key, settings);
  const hint = nearest === undefined ? `settings here: ${settings.join(', ')}` : `did you mean "${nearest}"?`;
  return { path: [...path, key], message: `is not a setting; ${hint}` };
};

const explainChoice = (value: unknown, choices: readonly unknown[]): string => {
  const names = choices.map(String);
  const list = names.length === 1 ? `must be ${names[0]}` : `must be one of: ${names.join(', ')}`;
  if (value === undefined) return `is missing: ${list}`;
  if (!choices.some((choice) => typeof choice === typeof value)) return `${list}, is ${describeType(value)}`;
  const nearest = typeof value === 'string' ? findNearest(value, names) : undefined;
  return nearest === undefined ? list : `${list}; did you mean "${nearest}"?`;
};

/** `policy.limits.diskUsedPercent`: its levels as a map, or one word. */
const explainMapOr = (value: unknown, words: readonly unknown[]): string => {
  const names = words.map(String);
  const nearest = typeof value === 'string' ? findNearest(value, names) : undefined;
  const hint = nearest === undefined ? `is ${describeType(value)}` : `did you mean "${nearest}"?`;
  return `must be a map, or ${names.join(', ')}; ${hint}`;
};

const explainSize = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  const unit = { string: ' characters', array: ' items', set: ' items', map: ' entries' }[issue.origin as string] ?? '';
  if (issue.code === 'too_small')
    return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit}`;
  return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit}`;
};

/** Of the alternatives, the one that fits best: what is wrong with that one is what its author wants to read. */
const explainUnion = (
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  file: { readonly data: unknown; readonly schema: FileSchema },
): Mistake[] => {
  const value = valueAt(file.data, path);
  if (issue.errors.length === 0) {
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
    return [{ path, message: explainChoice(value, options) }];
  }
  const literals = issue.errors.flatMap(([first]) => (first?.code === 'invalid_value' ? first.values : []));
  if (literals.length > 0 && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    const isAlsoMap = issue.errors.some(([first]) => first?.code === 'invalid_type' && first.expected === 'object');
    return [{ path, message: isAlsoMap ? explainMapOr(value, literals) : explainChoice(value, literals) }];
  }
  const rank = (branch: readonly Issue[]) =>
    branch.length + (branch.some(({ path: at, code }) => at.length === 0 && code !== 'unrecognized_keys') ? 100 : 0);
  const [best] = [...issue.errors].sort((left, right) => rank(left) - rank(right));
  return (best ?? []).flatMap((inner) => explainIssue(inner, path, file));
};

const explainIssue = (
  issue: Issue,
  parent: Path,
  file: { readonly data: unknown; readonly schema: FileSchema },
): Mistake[] => {
  const path = [...parent, ...toPath(issue.path)];
  const value = valueAt(file.data, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const settings = [...new Set(findSettings(path, file.schema))];
      return issue.keys.map((key) => explainUnknownKey(path, key, settings));
    }
    case 'invalid_key': {
      const reason = issue.issues[0]?.message ?? 'not allowed';
      return [{ path, message: `is not a possible name: ${reason}` }];
    }
    case 'invalid_union':
      return explainUnion(issue, path, file);
    case 'invalid_value':
      return [{ path, message: explainChoice(value, issue.values) }];
    case 'invalid_type': {
      const wanted = typeNames[issue.expected] ?? issue.expected;
      if (value === undefined) return [{ path, message: `is missing: must be ${wanted}` }];
      return [{ path, message: `must be ${wanted}, is ${describeType(value)}` }];
    }
    case 'too_small':
    case 'too_big':
      return [{ path, message: explainSize(issue) }];
    default:
      return [{ path, message: issue.message }];
  }
};

/** Of two limits that a number passes, the safe integers' is the one that nobody set. */
const isSaidBetter = (issue: Issue, all: readonly Issue[]): boolean =>
  issue.code === 'too_big' &&
  issue.maximum === Number.MAX_SAFE_INTEGER &&
  all.some((other) => other !== issue && other.code === 'too_big' && isSameList(other.path, issue.path));

/** Says what each issue of mskeeper.yml's schema means, with the nearest possible name where one is unknown. */
export const explainIssues = (issues: readonly Issue[], data: unknown, schema: FileSchema = fileSchema): Mistake[] =>
  issues.flatMap((issue) => (isSaidBetter(issue, issues) ? [] : explainIssue(issue, [], { data, schema })));

import { AwsError } from '../../service.ts';
import { type Comparison, parseComparison } from './comparison.ts';

/** A compiled event pattern. */
export type EventPattern = { matches(event: unknown): boolean };

type Node =
  | { readonly kind: 'leaf'; readonly comparisons: readonly Comparison[] }
  | {
      readonly kind: 'object';
      readonly fields: readonly (readonly [name: string, node: Node])[];
      readonly anyOf: readonly Node[];
    };

/**
 * Compiles an event pattern. Every field must match; a field's list holds alternatives; `$or` holds whole alternatives;
 * where the event has an array, one element must match all that the pattern says of it.
 * Source: EventBridge User Guide, "Event pattern syntax" and "Comparison operators".
 * @throws AwsError InvalidEventPatternException for what EventBridge would refuse.
 */
export function compilePattern(pattern: unknown): EventPattern {
  const root = parseObject(pattern, '');
  return { matches: (event) => matchesNode(root, event) };
}

function parseObject(pattern: unknown, path: string): Node {
  if (!isRecord(pattern)) throw invalidPattern(path, 'must be an object');
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern(path, 'must not be empty');
  const alternatives = pattern.$or;
  if (alternatives !== undefined && (!Array.isArray(alternatives) || alternatives.length < 2)) {
    throw invalidPattern(path, '$or must be an array of two or more patterns');
  }
  return {
    kind: 'object',
    anyOf: Array.isArray(alternatives) ? alternatives.map((each) => parseObject(each, `${path}.$or`)) : [],
    fields: entries
      .filter(([name]) => name !== '$or')
      .map(([name, value]) => [name, parseField(value, `${path}.${name}`)]),
  };
}

function parseField(value: unknown, path: string): Node {
  if (!Array.isArray(value)) return parseObject(value, path);
  if (value.length === 0) throw invalidPattern(path, 'an empty array matches nothing');
  return {
    kind: 'leaf',
    comparisons: value.map((item) => parseComparison(item, (reason) => invalidPattern(path, reason))),
  };
}

function matchesNode(node: Node, value: unknown): boolean {
  if (node.kind === 'leaf') return matchesLeaf(node.comparisons, value);
  if (Array.isArray(value)) return value.some((element) => matchesNode(node, element));
  const record = isRecord(value) ? value : {};
  return (
    node.fields.every(([name, field]) => matchesNode(field, Object.hasOwn(record, name) ? record[name] : undefined)) &&
    (node.anyOf.length === 0 || node.anyOf.some((alternative) => matchesNode(alternative, value)))
  );
}

function matchesLeaf(comparisons: readonly Comparison[], value: unknown): boolean {
  // An empty array has no leaf, as if the field were absent.
  if (Array.isArray(value) && value.length > 0) {
    // A negative comparison must hold of every element, since EventBridge asks whether the value is among them.
    return comparisons.some(({ test, isNegative }) => (isNegative ? value.every(test) : value.some(test)));
  }
  // Only leaves exist for EventBridge: an object in this place is as if the field were absent.
  const leaf = typeof value === 'object' && value !== null ? undefined : value;
  return comparisons.some(({ test }) => test(leaf));
}

function invalidPattern(path: string, reason: string): AwsError {
  return new AwsError(
    'InvalidEventPatternException',
    400,
    `Event pattern is not valid. Reason: ${path || '(root)'}: ${reason}`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { BlockList, isIP } from 'node:net';

/** One alternative of a field. `test` gets undefined for a field that is absent. */
export type Comparison = { readonly test: (value: unknown) => boolean; readonly isNegative: boolean };

type Refuse = (reason: string) => Error;

/**
 * Reads one alternative: a plain value, or an object with one operator.
 * Source: EventBridge User Guide, "Comparison operators".
 */
export function parseComparison(item: unknown, refuse: Refuse): Comparison {
  if (item === null || typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') {
    return positive((value) => value === item);
  }
  const [[operator, operand] = [], ...others] = typeof item === 'object' ? Object.entries(item) : [];
  if (operator === undefined || others.length > 0)
    throw refuse('an alternative is a value or an object with one operator');
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') throw refuse('exists must be true or false');
      return { test: (value) => (value !== undefined) === operand, isNegative: !operand };
    case 'numeric':
      return positive(numeric(operand, refuse));
    case 'cidr':
      return positive(cidr(operand, refuse));
    case 'anything-but':
      return { test: anythingBut(operand, refuse), isNegative: true };
    default:
      return positive(textual(operator, operand, refuse));
  }
}

function positive(test: (value: unknown) => boolean): Comparison {
  return { test, isNegative: false };
}

/** Operators on strings, each with a string or `{ "equals-ignore-case": … }` where EventBridge takes that. */
function textual(operator: string, operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  const text = ignoresCase(operand) ?? operand;
  if (typeof text !== 'string') throw refuse(`${operator} must be a string`);
  const fold = ignoresCase(operand) === undefined ? (each: string) => each : (each: string) => each.toLowerCase();
  const onText = (test: (value: string) => boolean) => (value: unknown) =>
    typeof value === 'string' && test(fold(value));
  switch (operator) {
    case 'prefix':
      return onText((value) => value.startsWith(fold(text)));
    case 'suffix':
      return onText((value) => value.endsWith(fold(text)));
    case 'equals-ignore-case':
      return (value) => typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
    case 'wildcard':
      return onText(wildcard(text, refuse));
    default:
      throw refuse(`unrecognized match type ${operator}`);
  }
}

function ignoresCase(operand: unknown): unknown {
  return typeof operand === 'object' && operand !== null && !Array.isArray(operand) && 'equals-ignore-case' in operand
    ? operand['equals-ignore-case']
    : undefined;
}

/** `*` is any run of characters, `\*` a star; two stars in a row are refused. */
function wildcard(pattern: string, refuse: Refuse): (value: string) => boolean {
  if (pattern.includes('**')) throw refuse('consecutive wildcard characters');
  const source = pattern.replace(/\\[*\\]|[.+^${}()|[\]\\?*]/g, (part) => {
    if (part === '*') return '.*';
    return part.length === 2 ? part : `\\${part}`;
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => expression.test(value);
}

/** Lists are alternatives to avoid. An absent field does not match: there is no value that could be anything else. */
function anythingBut(operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  const nested =
    typeof operand === 'object' && operand !== null && !Array.isArray(operand) ? Object.entries(operand) : undefined;
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw refuse('anything-but must not be empty');
  const avoided = nested
    ? nested.flatMap(([operator, inner]) =>
        (Array.isArray(inner) ? inner : [inner]).map((each) => textual(operator, each, refuse)),
      )
    : values.map((each) => parseComparison(each, refuse).test);
  return (value) => value !== undefined && !avoided.some((test) => test(value));
}

const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numeric(operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw refuse('numeric takes one or two pairs of operator and number');
  }
  const bounds: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARE[String(operand[index])];
    const bound: unknown = operand[index + 1];
    if (!compare || typeof bound !== 'number') throw refuse('numeric takes =, <, <=, > or >= and a number');
    bounds.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && bounds.every((holds) => holds(value));
}

function cidr(operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  const [address = '', bits = ''] = String(operand).split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits)) throw refuse('cidr must be an address and a prefix length');
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (value) => {
    const valueFamily = typeof value === 'string' ? isIP(value) : 0;
    return valueFamily !== 0 && range.check(String(value), valueFamily === 4 ? 'ipv4' : 'ipv6');
  };
}

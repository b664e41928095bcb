import { AwsError } from '../../service.ts';

/** An attribute of a publication, as its publisher typed it. */
type MessageAttribute = { readonly dataType: string; readonly stringValue: string };
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Which messages a subscription gets. `text` is what GetSubscriptionAttributes shows. */
export type FilterPolicy = { readonly text: string; matches(attributes: MessageAttributes): boolean };

type Scalar = string | number | boolean | null;
/** One alternative of a key. `values` are the attribute's: one, an array's elements, or none where it is absent. */
type Alternative = (values: readonly Scalar[] | undefined) => boolean;

const mostKeys = 5;
const mostCombinations = 150;
const mostBytes = 262_144;

const invalid = (reason: string): AwsError =>
  new AwsError('InvalidParameterException', 400, `Invalid parameter: ${reason}`);

/**
 * Reads a filter policy on message attributes. Every key must match, by any of its alternatives; of a String.Array any element
 * does. Source: SNS Developer Guide, "Filter policy constraints", "String value matching", "Key matching".
 *
 * @param policy an object or its JSON, as templates write it
 * @param scope FilterPolicyScope
 * @throws AwsError InvalidParameterException in SNS's own words; Error for what SNS knows and is not served here
 */
export function readFilterPolicy(policy: unknown, scope: unknown = 'MessageAttributes'): FilterPolicy {
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
    throw invalid(
      `FilterPolicyScope: Invalid value [${String(scope)}]. Please use either MessageBody or MessageAttributes`,
    );
  }
  if (scope === 'MessageBody') throw new Error('filter policies on the message body are not served here');
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  if (Buffer.byteLength(text) > mostBytes) throw invalid('FilterPolicy: Filter policy is too long');
  const entries = Object.entries(parse(text));
  if (entries.length > mostKeys) throw invalid(`FilterPolicy: Filter policy can not have more than ${mostKeys} keys`);
  const keys = entries.map(([key, list]): readonly [string, readonly Alternative[]] => [key, readKey(key, list)]);
  const combinationCount = keys.reduce((product, [, alternatives]) => product * alternatives.length, 1);
  if (combinationCount > mostCombinations) throw invalid('FilterPolicy: Filter policy is too complex');
  return {
    text,
    matches: (attributes) =>
      keys.every(([key, alternatives]) => {
        const values = valuesOf(attributes[key]);
        return alternatives.some((isMatch) => isMatch(values));
      }),
  };
}

function parse(text: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid('FilterPolicy: failed to parse JSON.');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw invalid('FilterPolicy: Filter policy must be a JSON object');
}

function readKey(key: string, list: unknown): readonly Alternative[] {
  if (key === '$or') throw new Error('$or in filter policies is not served here');
  if (!Array.isArray(list)) {
    if (typeof list !== 'object' || list === null)
      throw invalid(`FilterPolicy: "${key}" must be an object or an array`);
    throw invalid('Filter policy scope MessageAttributes does not support nested filter policy');
  }
  if (list.length === 0) throw invalid('FilterPolicy: Empty arrays are not allowed');
  return list.map(readAlternative);
}

function readAlternative(item: unknown): Alternative {
  if (isScalar(item)) return (values) => values?.includes(item) === true;
  if (Array.isArray(item)) throw invalid('FilterPolicy: Match value must be String, number, true, false, or null');
  const [[operator = '', operand] = [], ...others] = Object.entries(Object(item));
  if (others.length > 0) throw invalid('FilterPolicy: Only one key allowed in match expression');
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') {
        throw invalid('FilterPolicy: exists match pattern must be either true or false.');
      }
      return (values) => (values !== undefined) === operand;
    case 'prefix':
      return prefixed(operand);
    case 'anything-but':
      return anythingBut(operand);
    case 'suffix':
    case 'numeric':
    case 'equals-ignore-case':
    case 'cidr':
      throw new Error(`${operator} in filter policies is not served here`);
    default:
      throw invalid(`FilterPolicy: Unrecognized match type ${operator}`);
  }
}

function prefixed(operand: unknown): Alternative {
  if (typeof operand !== 'string') throw invalid('FilterPolicy: prefix match pattern must be a string');
  return (values) => values?.some((value) => typeof value === 'string' && value.startsWith(operand)) === true;
}

/** An attribute that is absent is not anything else; of an array one element that is none of these is enough. */
function anythingBut(operand: unknown): Alternative {
  const avoided: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (avoided.length === 0) throw invalid('FilterPolicy: Empty arrays are not allowed');
  const alternatives = avoided.map((item): Alternative => {
    if (isScalar(item)) return (values) => values?.includes(item) === true;
    const [[operator, prefix] = []] = Object.entries(Object(item));
    if (operator !== 'prefix') throw invalid(`FilterPolicy: Unsupported anything-but pattern: ${String(operator)}`);
    return prefixed(prefix);
  });
  return (values) => values?.some((value) => !alternatives.some((isAvoided) => isAvoided([value]))) === true;
}

/** What a policy is held against; undefined for an attribute that is absent, or of a type that SNS does not look into. */
function valuesOf(attribute: MessageAttribute | undefined): readonly Scalar[] | undefined {
  if (attribute === undefined) return undefined;
  const [type = '', subtype] = attribute.dataType.split('.');
  if (type === 'Number') return [Number(attribute.stringValue)];
  if (type !== 'String') return undefined;
  return subtype === 'Array' ? elementsOf(attribute.stringValue) : [attribute.stringValue];
}

/** An array that cannot be read is there, and holds nothing. */
function elementsOf(text: string): readonly Scalar[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isScalar) : [];
  } catch {
    return [];
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

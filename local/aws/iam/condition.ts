import { type Condition, PolicyError } from './policy.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** Condition keys of one request (`aws:SourceArn`, `s3:prefix`); IAM compares key names without regard to case. */
export type ConditionContext = Readonly<Record<string, string>>;

type Test = (expected: string, actual: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringEqualsIgnoreCase: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  StringLike: matchesWildcard,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  NumericGreaterThan: (expected, actual) => Number(actual) > Number(expected),
  NumericLessThanEquals: (expected, actual) => Number(actual) <= Number(expected),
};
const NEGATED: Readonly<Record<string, Test>> = {
  StringNotEquals: (expected, actual) => expected === actual,
  StringNotLike: matchesWildcard,
  ArnNotEquals: matchesArn,
  ArnNotLike: matchesArn,
};

/**
 * Whether one condition block entry holds. Several values are alternatives; a negated operator needs all of them to
 * differ, and holds for a key that is missing, as on AWS. `…IfExists` holds for a missing key too.
 * @throws PolicyError for an operator that the stand-in does not evaluate.
 */
export function holdsCondition(condition: Condition, context: ConditionContext): boolean {
  const actual = contextValue(condition.key, context);
  if (condition.operator === 'Null')
    return condition.values.some((value) => (value === 'true') === (actual === undefined));
  const isOptional = condition.operator.endsWith('IfExists');
  const operator = isOptional ? condition.operator.slice(0, -'IfExists'.length) : condition.operator;
  const negated = NEGATED[operator];
  if (negated) return actual === undefined || !condition.values.some((value) => negated(value, actual));
  const test = TESTS[operator];
  if (!test) throw new PolicyError(`the condition operator ${condition.operator} is not supported`);
  if (actual === undefined) return isOptional;
  return condition.values.some((value) => test(value, actual));
}

function contextValue(key: string, context: ConditionContext): string | undefined {
  const wanted = key.toLowerCase();
  for (const [name, value] of Object.entries(context)) if (name.toLowerCase() === wanted) return value;
  return undefined;
}

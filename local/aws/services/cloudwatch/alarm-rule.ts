import type { AlarmValue } from './alarm.ts';

/** The rule of a composite alarm. */
export type RuleExpression =
  | { readonly kind: 'state'; readonly value: AlarmValue; readonly alarm: string }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly of: RuleExpression }
  | { readonly kind: 'and' | 'or'; readonly all: readonly RuleExpression[] };

/** A composite alarm's rule that cannot be read. */
export class AlarmRuleError extends Error {
  override readonly name = 'AlarmRuleError';
}

const stateFunctions: Readonly<Record<string, AlarmValue>> = {
  ALARM: 'ALARM',
  OK: 'OK',
  INSUFFICIENT_DATA: 'INSUFFICIENT_DATA',
};

/** A word, a sign, or what stands in parentheses after a state function, quoted where it holds spaces. */
const tokenPattern =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^\s()"']+))\s*\)|(AND|OR|NOT|TRUE|FALSE)\b|([()]))/y;

type Token = { readonly text: string; readonly state?: Extract<RuleExpression, { kind: 'state' }> };

/**
 * Reads `ALARM(a) AND (OK("b c") OR NOT INSUFFICIENT_DATA(arn))`. AND binds before OR, NOT before both. An alarm is
 * named or given by its ARN.
 *
 * @throws AlarmRuleError with the place where the rule stops being one
 */
export function parseAlarmRule(rule: string): RuleExpression {
  const tokens = tokenize(rule);
  let position = 0;
  const peek = () => tokens[position]?.text;
  const chain = (word: 'AND' | 'OR', kind: 'and' | 'or', operand: () => RuleExpression) => (): RuleExpression => {
    const first = operand();
    const all = [first];
    while (peek() === word) {
      position += 1;
      all.push(operand());
    }
    return all.length === 1 ? first : { kind, all };
  };
  const operand = (): RuleExpression => {
    const token = tokens[position++];
    if (token?.state !== undefined) return token.state;
    if (token?.text === 'NOT') return { kind: 'not', of: operand() };
    if (token?.text === 'TRUE' || token?.text === 'FALSE') return { kind: 'constant', value: token.text === 'TRUE' };
    if (token?.text !== '(') throw new AlarmRuleError(`unexpected ${token?.text ?? 'end'} in alarm rule ${rule}`);
    const inner = anyOf();
    if (tokens[position++]?.text !== ')') throw new AlarmRuleError(`a parenthesis is not closed in alarm rule ${rule}`);
    return inner;
  };
  const allOf = chain('AND', 'and', operand);
  const anyOf = chain('OR', 'or', allOf);
  const whole = anyOf();
  if (position < tokens.length) throw new AlarmRuleError(`unexpected ${peek()} in alarm rule ${rule}`);
  return whole;
}

/** Whether the rule holds, given each child's state. */
export function isRuleTrue(rule: RuleExpression, stateOf: (alarm: string) => AlarmValue): boolean {
  switch (rule.kind) {
    case 'state':
      return stateOf(rule.alarm) === rule.value;
    case 'constant':
      return rule.value;
    case 'not':
      return !isRuleTrue(rule.of, stateOf);
    case 'and':
      return rule.all.every((each) => isRuleTrue(each, stateOf));
    case 'or':
      return rule.all.some((each) => isRuleTrue(each, stateOf));
    default:
      return rule satisfies never;
  }
}

/** The alarms that a rule names, each once, in their order. */
export function alarmsOfRule(rule: RuleExpression): readonly string[] {
  switch (rule.kind) {
    case 'state':
      return [rule.alarm];
    case 'constant':
      return [];
    case 'not':
      return alarmsOfRule(rule.of);
    case 'and':
    case 'or':
      return [...new Set(rule.all.flatMap(alarmsOfRule))];
    default:
      return rule satisfies never;
  }
}

function tokenize(rule: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = rule.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const fromIndex = tokenPattern.lastIndex;
    const match = tokenPattern.exec(rule);
    if (match === null) throw new AlarmRuleError(`cannot read ${rule.slice(fromIndex).trim()} in alarm rule ${rule}`);
    const [, state, double, single, bare, word, sign] = match;
    const value = state === undefined ? undefined : stateFunctions[state];
    if (value === undefined) tokens.push({ text: word ?? sign ?? '' });
    else {
      // A rule may hold an ARN in place of a name.
      const alarm = (double ?? single ?? bare ?? '').replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, '');
      tokens.push({ text: `${state}(…)`, state: { kind: 'state', value, alarm } });
    }
  }
  return tokens;
}

import { MetricMathError, type Operator } from './math-values.ts';

/** The tree of an expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'id'; readonly name: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

const tokenPattern =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|"([^"]*)"|'([^']*)'|([A-Za-z][A-Za-z0-9_]*)|(&&|\|\||[=!<>]=|[-+*/^<>()[\],]))/y;

type Token = { readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end'; readonly text: string };

/** Loosest first. */
const operatorLevels: readonly Readonly<Record<string, Operator>>[] = [
  { OR: 'OR', '||': 'OR' },
  { AND: 'AND', '&&': 'AND' },
  { '==': '==', '!=': '!=', '<=': '<=', '>=': '>=', '<': '<', '>': '>' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/' },
];

/** @throws MetricMathError with the place at which the expression stops being one */
export function parseExpression(text: string): Expression {
  if (/^\s*SELECT\b/i.test(text)) throw new MetricMathError('Metrics Insights queries are not supported here');
  const tokens = tokenize(text);
  let position = 0;
  const peek = () => tokens[position]?.text ?? '';
  const take = (): Token => tokens[position++] ?? { kind: 'end', text: '' };
  const expect = (sign: string) => {
    const token = take();
    if (token.kind !== 'sign' || token.text !== sign) {
      throw new MetricMathError(`expected ${sign} instead of ${token.text || 'the end'} in ${text}`);
    }
  };
  const list = (close: string): Expression[] => {
    const items: Expression[] = [];
    while (peek() !== close) {
      if (items.length > 0) expect(',');
      items.push(binary(0));
    }
    expect(close);
    return items;
  };
  const binary = (level: number): Expression => {
    const operators = operatorLevels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let operator = operators[peek()]; operator !== undefined; operator = operators[peek()]) {
      take();
      left = { kind: 'operation', operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): Expression => {
    if (peek() !== '-') return power();
    take();
    return { kind: 'negative', of: unary() };
  };
  const power = (): Expression => {
    const base = primary();
    if (peek() !== '^') return base;
    take();
    return { kind: 'operation', operator: '^', left: base, right: unary() };
  };
  const primary = (): Expression => {
    const token = take();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (token.kind === 'name') {
      if (peek() !== '(') return { kind: 'id', name: token.text };
      take();
      return { kind: 'call', name: token.text, args: list(')') };
    }
    if (token.text === '[') return { kind: 'list', items: list(']') };
    if (token.text !== '(') throw new MetricMathError(`unexpected ${token.text || 'end'} in ${text}`);
    const inner = binary(0);
    expect(')');
    return inner;
  };
  const whole = binary(0);
  if (peek() !== '') throw new MetricMathError(`unexpected ${peek()} in ${text}`);
  return whole;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const fromIndex = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new MetricMathError(`cannot read ${text.slice(fromIndex).trim()} in ${text}`);
    const [, number, double, single, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'text', text: double ?? single ?? '' });
  }
  return tokens;
}

import ts from 'typescript-6';

/** What was changed, in a word: the rows of the help and of the report. */
type MutantKind =
  | 'comparison'
  | 'logic'
  | 'arithmetic'
  | 'number'
  | 'boolean'
  | 'condition'
  | 'negation'
  | 'statement'
  | 'value'
  | 'element'
  | 'word'
  | 'method';

/** One change of one place in a file. Offsets are of the file's text; lines count from 1. */
export type Mutant = {
  readonly kind: MutantKind;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
};

const { SyntaxKind: Kind } = ts;

const operators: Readonly<Partial<Record<ts.SyntaxKind, readonly [MutantKind, ...(readonly string[])]>>> = {
  [Kind.LessThanToken]: ['comparison', '<=', '>='],
  [Kind.LessThanEqualsToken]: ['comparison', '<', '>'],
  [Kind.GreaterThanToken]: ['comparison', '>=', '<='],
  [Kind.GreaterThanEqualsToken]: ['comparison', '>', '<'],
  [Kind.EqualsEqualsEqualsToken]: ['comparison', '!=='],
  [Kind.ExclamationEqualsEqualsToken]: ['comparison', '==='],
  [Kind.AmpersandAmpersandToken]: ['logic', '||'],
  [Kind.BarBarToken]: ['logic', '&&'],
  [Kind.PlusToken]: ['arithmetic', '-'],
  [Kind.MinusToken]: ['arithmetic', '+'],
  [Kind.AsteriskToken]: ['arithmetic', '/'],
  [Kind.SlashToken]: ['arithmetic', '*'],
  [Kind.PercentToken]: ['arithmetic', '*'],
  [Kind.PlusEqualsToken]: ['arithmetic', '-='],
  [Kind.MinusEqualsToken]: ['arithmetic', '+='],
};

const opposites: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
]);

/** A name that ends in a unit: `keptMs = dayMs` is a number, though no literal. */
const endsInUnit = /(Ms|Seconds|Minutes|Hours|Days|GiB|MiB|Bytes|Percent|Count)$/;

/**
 * Every mutant of a TypeScript file, by its syntax tree. Left out: types, imports and exports, property keys, docstrings,
 * texts that hold a space (they are sentences for people), and what no value can reach (`satisfies never`).
 */
export function compileMutants(source: string): readonly Mutant[] {
  const file = ts.createSourceFile('mutated.ts', source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const mutants: Mutant[] = [];
  const add = (kind: MutantKind, node: { getStart(): number; getEnd(): number }, ...replacements: string[]): void => {
    const [start, end] = [node.getStart(), node.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    for (const replacement of replacements) mutants.push({ kind, line, start, end, replacement });
  };
  const visit = (node: ts.Node): void => {
    if (isLeftOut(node)) return;
    for (const mutate of mutators) mutate(node, add);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

/** The file's text with one mutant in it. */
export const applyMutant = (source: string, { start, end, replacement }: Mutant): string =>
  `${source.slice(0, start)}${replacement}${source.slice(end)}`;

const isLeftOut = (node: ts.Node): boolean =>
  (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isTypeParameterDeclaration(node) ||
  isUnreachable(node) ||
  isSentence(node);

const isUnreachable = (node: ts.Node): boolean =>
  ((ts.isReturnStatement(node) || ts.isExpressionStatement(node)) &&
    node.expression !== undefined &&
    ts.isSatisfiesExpression(node.expression) &&
    node.expression.type.kind === Kind.NeverKeyword) ||
  (ts.isSatisfiesExpression(node) && node.type.kind === Kind.NeverKeyword);

const isSentence = (node: ts.Node): boolean => {
  if (ts.isStringLiteralLike(node)) return node.text.includes(' ');
  return (
    ts.isTemplateExpression(node) && [node.head, ...node.templateSpans.map(({ literal }) => literal)].some(hasSpace)
  );
};
const hasSpace = ({ text }: ts.TemplateLiteralLikeNode): boolean => text.includes(' ');

type Add = (kind: MutantKind, node: { getStart(): number; getEnd(): number }, ...replacements: string[]) => void;
type Mutate = (node: ts.Node, add: Add) => void;

const isTextual = (node: ts.Expression): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

const mutateOperator: Mutate = (node, add) => {
  if (!ts.isBinaryExpression(node)) return;
  const { left, operatorToken, right } = node;
  if (operatorToken.kind === Kind.QuestionQuestionToken) {
    // A chain a ?? b ?? c is one of its parts each: the first without a fallback, each fallback alone.
    add('logic', node, `(${left.getText()})`, `(${right.getText()})`);
    return;
  }
  const found = operators[operatorToken.kind];
  if (found === undefined || (found[0] === 'arithmetic' && (isTextual(left) || isTextual(right)))) return;
  const [kind, ...replacements] = found;
  // `a || b` in place of `a && b` must hold together inside what stands around it.
  if (kind === 'logic') {
    for (const other of replacements) add(kind, node, `((${left.getText()}) ${other} (${right.getText()}))`);
  } else add(kind, operatorToken, ...replacements);
};

const mutateLiteral: Mutate = (node, add) => {
  if (ts.isPropertyName(node) && isKey(node)) return;
  if (ts.isNumericLiteral(node)) add('number', node, `(${node.text} + 1)`, `(${node.text} - 1)`);
  else if (ts.isBigIntLiteral(node)) add('number', node, `(${node.text} + 1n)`);
  else if (node.kind === Kind.TrueKeyword) add('boolean', node, 'false');
  else if (node.kind === Kind.FalseKeyword) add('boolean', node, 'true');
  else if (ts.isStringLiteralLike(node)) add('word', node, node.text === '' ? "'mutated'" : "''");
  else if (ts.isTemplateExpression(node)) add('word', node, "''");
};

const isKey = (node: ts.Node): boolean => {
  const { parent } = node;
  return (
    ((ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) &&
      node === (ts.isPropertyAssignment(parent) ? parent.name : parent.propertyName)) ||
    ts.isMethodDeclaration(parent)
  );
};

const mutateUnit: Mutate = (node, add) => {
  if (!ts.isVariableDeclaration(node) && !ts.isPropertyAssignment(node)) return;
  const { initializer } = node;
  const isNumber = initializer !== undefined && ts.isIdentifier(initializer) && endsInUnit.test(initializer.text);
  if (isNumber && endsInUnit.test(node.name.getText())) add('number', initializer, `(2 * ${initializer.text})`);
};

const mutateCondition: Mutate = (node, add) => {
  if (ts.isIfStatement(node)) add('condition', node.expression, 'true', 'false');
  else if (ts.isConditionalExpression(node)) add('condition', node.condition, 'true', 'false');
  else if (ts.isWhileStatement(node)) add('condition', node.expression, 'false');
  else if (ts.isForStatement(node) && node.condition !== undefined) add('condition', node.condition, 'false');
};

const mutateNegation: Mutate = (node, add) => {
  if (ts.isPrefixUnaryExpression(node) && node.operator === Kind.ExclamationToken) {
    add('negation', node, `(${node.operand.getText()})`);
  }
};

const mutateStatement: Mutate = (node, add) => {
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) add('statement', node, ';');
  else if (ts.isReturnStatement(node) && node.expression !== undefined && !isUndefined(node.expression)) {
    add('value', node.expression, 'undefined');
  } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && !isUndefined(node.body)) {
    add('value', node.body, 'undefined');
  }
};

const isUndefined = (node: ts.Expression): boolean => ts.isIdentifier(node) && node.text === 'undefined';

const mutateElement: Mutate = (node, add) => {
  if (!ts.isArrayLiteralExpression(node) && !ts.isObjectLiteralExpression(node)) return;
  const parts: readonly ts.Node[] = ts.isArrayLiteralExpression(node)
    ? node.elements
    : node.properties.filter(ts.isSpreadAssignment);
  const text = node.getSourceFile().text;
  for (const part of parts) {
    // The comma goes with it; in front of a comma a hole would be left.
    const comma = /^\s*,/.exec(text.slice(part.getEnd()))?.[0].length ?? 0;
    add('element', { getStart: () => part.getStart(), getEnd: () => part.getEnd() + comma }, '');
  }
};

const mutateMethod: Mutate = (node, add) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const { name } = node.expression;
  const opposite = opposites.get(name.text);
  if (opposite !== undefined) add('method', name, opposite);
};

const mutators: readonly Mutate[] = [
  mutateOperator,
  mutateLiteral,
  mutateUnit,
  mutateCondition,
  mutateNegation,
  mutateStatement,
  mutateElement,
  mutateMethod,
];

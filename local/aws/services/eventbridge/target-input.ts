import { AwsError } from '../../service.ts';

/** How a target changes what it gets; at most one of the three. */
export type TargetInput =
  | { readonly kind: 'event' }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'transformer'; readonly paths: Readonly<Record<string, string>>; readonly template: string };

export type InputContext = { readonly ruleArn: string; readonly ruleName: string; readonly ingestedAt: string };

/** The text that reaches the target. Source: EventBridge User Guide, "Input transformation". */
export function targetPayload(input: TargetInput, event: unknown, context: InputContext): string {
  switch (input.kind) {
    case 'event':
      return JSON.stringify(event);
    case 'constant':
      return input.text;
    case 'path':
      return JSON.stringify(readPath(input.path, event) ?? null);
    case 'transformer':
      return transform(input.paths, input.template, event, context);
    default:
      return input satisfies never;
  }
}

/** A JSONPath of names and indexes, `$.detail.state.value` or `$.resources[0]`. @throws AwsError for anything else. */
function readPath(path: string, event: unknown): unknown {
  if (!/^\$(\.[\w-]+|\[\d+\]|\['[^']+'\])*$/.test(path)) {
    throw new AwsError('ValidationException', 400, `Invalid InputPath ${path}`);
  }
  let value: unknown = event;
  for (const [, name, index, quoted] of path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === (name ?? index ?? quoted))?.[1];
  }
  return value;
}

/**
 * Fills `<name>`: in a JSON template a value outside quotes keeps its JSON form, inside quotes it is spliced in as text;
 * a template that is one quoted string gives that string. A path that finds nothing gives an empty string.
 */
function transform(
  paths: Readonly<Record<string, string>>,
  template: string,
  event: unknown,
  context: InputContext,
): string {
  const values: Record<string, unknown> = {
    'aws.events.rule-arn': context.ruleArn,
    'aws.events.rule-name': context.ruleName,
    'aws.events.event.ingestion-time': context.ingestedAt,
    'aws.events.event.json': event,
    'aws.events.event': event,
  };
  for (const [name, path] of Object.entries(paths)) values[name] = readPath(path, event) ?? '';
  let isQuoted = false;
  const filled = template.replace(/\\.|"|<([\w.-]+)>/gs, (part, name?: string) => {
    if (part === '"') isQuoted = !isQuoted;
    if (name === undefined || !(name in values)) return part;
    const value = values[name];
    if (!isQuoted) return JSON.stringify(value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
  return filled.trim();
}

import { jsonAnswer, jsonOf, type OutsideAnswer, type OutsideRequest, textOf } from '../host.ts';
import type { Bot } from './workspace.ts';

/** A call of a method by a bot that may call it. */
export type MethodCall = { readonly sent: Readonly<Record<string, unknown>>; readonly bot: Bot; readonly atMs: number };

/** A method of the Web API. `scopes`: the bot needs one of them. */
export type Method = {
  readonly scopes: readonly string[];
  readonly run: (call: MethodCall) => OutsideAnswer;
};

export const done = (body: object): OutsideAnswer => jsonAnswer(200, { ok: true, ...body });

/** Slack says no with a 200 and its word for why. */
export const no = (error: string, more: object = {}): OutsideAnswer =>
  jsonAnswer(200, { ok: false, error, ...more }, { outcome: error });

export const tooMany = (waitSeconds: number): OutsideAnswer =>
  jsonAnswer(
    429,
    { ok: false, error: 'ratelimited' },
    { headers: { 'retry-after': String(waitSeconds) }, outcome: 'ratelimited' },
  );

type Sent =
  | { readonly sent: Readonly<Record<string, unknown>> }
  | { readonly error: 'invalid_json' | 'json_not_object' };

/** What a method was called with: JSON, or a form or a query whose structured values are JSON themselves. */
export function argumentsOf({ method, headers, query, body }: OutsideRequest): Sent {
  if (method === 'POST' && (headers['content-type'] ?? '').startsWith('application/json')) {
    const sent = jsonOf(body);
    if (sent === undefined) return { error: 'invalid_json' };
    const isObject = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
    return isObject ? { sent: { ...sent } } : { error: 'json_not_object' };
  }
  const form = new URLSearchParams(method === 'POST' ? (textOf(body) ?? '') : '');
  const flat = Object.fromEntries([...query, ...form]);
  return { sent: Object.fromEntries(Object.entries(flat).map(([name, value]) => [name, structured(name, value)])) };
}

const structured = (name: string, value: string): unknown =>
  name === 'blocks' || name === 'metadata' ? jsonOf(new TextEncoder().encode(value)) : value;

/** Flags come as JSON's or as words. */
export const isYes = (value: unknown): boolean => value === true || value === 'true' || value === '1' || value === 1;

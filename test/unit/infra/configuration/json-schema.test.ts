import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { smallFile } from '../../../support/configuration.ts';

const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(read('mskeeper.schema.json')));
const accepts = (text: string): boolean => schema.safeParse(parse(text)).success;

test('the committed JSON Schema accepts the committed example and the smallest file', () => {
  expect(accepts(read('mskeeper.yml'))).toBe(true);
  expect(accepts(smallFile())).toBe(true);
});

test.each<[name: string, text: string]>([
  ['an unknown setting', smallFile({}, 'killswitch: {}\n')],
  ['an unknown setting of a cluster', smallFile({}, '    brokers: 3\n')],
  ['a wrong type', smallFile({ brokerCount: '    brokerCount: three' })],
  ['a missing setting', smallFile({ role: '' })],
  ['an unknown preset', smallFile({}, 'policy: { preset: mine }\n')],
  ['an impossible mode', smallFile({}, 'modes: { failover: maybe }\n')],
  ['a window of no kind', smallFile({}, 'maintenanceWindows: [{ name: w, impact: low, every: year }]\n')],
])('the committed JSON Schema refuses %s', (_name, text) => {
  expect(accepts(text)).toBe(false);
});

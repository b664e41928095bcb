import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { formatPath, type LocatedMistake } from '../../../../infra/configuration/mistake.ts';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { configurationSchema } from '../../../../shared/configuration/schema.ts';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';
import { draw } from '../../../support/depth.ts';
import { fullFile, fullPaths, fullTextWith, type Path, valueAt } from './full-file.ts';

/** What YAML makes of a slip, and of things that look like something else. */
const odd = [
  ...['', '~', 'null', '.inf', '-.inf', '.nan', '1e20', '1e400', '-1', '-0', '0', '0x3', '0o7', '03', '3.0', '1.5'],
  ...['1_000', '99999999999999999999', '15550100123', '9007199254740993', 'true', 'yes', 'off', '"3"', '2027-01-31'],
  ...['""', '" "', '"\\t"', '"\\0"', '"\\uD800"', '"a\\nb"', '{}', '[]', '[[]]', '[~]', '[1, x]', '{ a: 1 }'],
  ...['{ __proto__: act }', '{ constructor: 1 }', 'constructor', '__proto__', 'toString', '*nowhere', '!!str 3'],
  ...['!!binary aGk=', '!custom x', '!!js/function x', '&a x', '*', '`x`', '@x', '%x', `"${'x'.repeat(5000)}"`],
];

const isPrefix = (left: Path, right: Path): boolean => left.every((key, index) => key === right[index]);
/** The setting itself, what lies in it, or what holds it; else a setting that does not fit it, and names it. */
const isAbout = (path: Path, mistake: LocatedMistake): boolean =>
  isPrefix(path, mistake.path) ||
  isPrefix(mistake.path, path) ||
  mistake.message.includes(String(path.findLast((key) => typeof key === 'string')));

/** Nothing of a library's own words, and never that a thing must be what it is. */
const unclear =
  /Invalid (?:input|type|option)|undefined|\[object|NaN|must be (?:an? )?([a-z]+(?: [a-z]+)?), is (?:an? )?\1\b/;

const describeJudgement = (path: Path, snippet: string): string | undefined => {
  const text = fullTextWith(path, snippet);
  const { configuration, mistakes } = judge(text);
  const problem = mistakes.find(({ message }) => unclear.test(message) || message === '');
  if (problem !== undefined) return `${formatPath(problem.path)}: ${problem.message}`;
  if (configuration === undefined) {
    const isNamed = mistakes.some((mistake) => isAbout(path, mistake) && mistake.path.length > 0);
    return isNamed ? undefined : `not named by ${mistakes.map((one) => formatPath(one.path)).join(', ')}`;
  }
  const travelled = configurationSchema.safeParse(JSON.parse(JSON.stringify(configuration)));
  if (!travelled.success) return `refused by the bundle: ${travelled.error.message}`;
  const written = valueAt(parseDocument(text).toJS(), path);
  // What holds for all stacks is read from that of a cluster without a word of its own.
  const read = valueAt(configuration, path[0] === 'stack' ? ['clusters', 'standby', ...path] : path);
  // Ids of brokers are put into their order.
  const list = path.at(-2) === 'brokerIds' ? valueAt(configuration, path.slice(0, -1)) : [read];
  const isSame = JSON.stringify(written) === JSON.stringify(read) || (Array.isArray(list) && list.includes(written));
  // A map that is left empty, and an override, are filled in from the preset.
  return isSame || typeof written === 'object' || written === 'off'
    ? undefined
    : `${String(written)} became ${String(read)}`;
};

test('the full file is sound, and holds every setting of the schema', () => {
  expect(judge(stringify(fullFile)).mistakes).toEqual([]);
  const schema: unknown = JSON.parse(
    readFileSync(new URL('../../../../mskeeper.schema.json', import.meta.url), 'utf8'),
  );
  const named = new Set(fullPaths.flatMap((path) => path.filter((key) => typeof key === 'string')));
  const awaited = new Set<string>(functionDefinitions.map(({ slug }) => slug));
  const missing = [...propertiesIn(schema)].filter((name) => !named.has(name) && !awaited.has(name));
  expect(missing).toEqual([]);
});

/** Names of all properties; quantities and procedures are named by enumerations and not here. */
const propertiesIn = (node: unknown): ReadonlySet<string> => {
  if (typeof node !== 'object' || node === null) return new Set();
  const properties: unknown = Reflect.get(node, 'properties');
  const own =
    typeof properties === 'object' && properties !== null && !('type' in properties) ? Object.keys(properties) : [];
  return new Set([...own, ...Object.values(node).flatMap((inside) => [...propertiesIn(inside)])]);
};

describe('an odd value in the place of any setting is refused by its path, or taken as what YAML says', () => {
  const pairs = fullPaths.flatMap((path) => odd.map((snippet) => [path, snippet] as const));

  const drawn = Map.groupBy(draw(pairs, 45), ([path]) => formatPath(path));

  test.each([...drawn])('%s', (name, ofPath) => {
    const problems = ofPath.flatMap(([path, snippet]) => {
      const problem = describeJudgement(path, snippet);
      return problem === undefined ? [] : [`${name}: ${snippet.slice(0, 30)}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });
});

test.each<[setting: string, text: string, mistake: string]>([
  [
    'brokerCount',
    smallFile({ brokerCount: '    brokerCount: .inf' }),
    '7 clusters.orders.brokerCount: must be a number, is endless or too large',
  ],
  [
    'brokerCount',
    smallFile({ brokerCount: '    brokerCount: 1e20' }),
    '7 clusters.orders.brokerCount: must be at most 90',
  ],
  [
    'brokerCount',
    smallFile({ brokerCount: '    brokerCount: .nan' }),
    '7 clusters.orders.brokerCount: must be a number, is .nan',
  ],
  [
    'brokerCount',
    smallFile({ brokerCount: '    brokerCount: 2.5' }),
    '7 clusters.orders.brokerCount: must be a whole number, is a fraction',
  ],
  [
    'a limit',
    smallFile({}, 'policy: { limits: { diskUsedPercent: ~ } }\n'),
    '10 policy.limits.diskUsedPercent: must be a map, or off; is empty',
  ],
  ['a mode', smallFile({}, 'modes: { __proto__: act }\n'), '10 modes.__proto__: is no possible name here'],
  [
    'an alias',
    smallFile({}, 'modes:\n  failover: *nowhere\n'),
    '11 modes.failover: is an alias (*) without its anchor (&) above it',
  ],
  [
    'an alias before its anchor',
    smallFile({}, 'contacts: *x\nmodes: &x {}\n'),
    '10 contacts: is an alias (*) without its anchor (&) above it',
  ],
  ['the version as a text', smallFile({ version: 'version: "1"' }), '1 version: must be 1, is a string'],
  [
    'a number where a word is wanted',
    smallFile({}, 'modes: { failover: 1 }\n'),
    '10 modes.failover: must be one of: off, plan, act, is a number',
  ],
])('%s', (_name, text, mistake) => {
  expect(mistakesOf(text)).toEqual([mistake]);
});

test('a broker’s id is a number of 31 bits, and no telephone number', () => {
  const ids = '    brokerCount: 3\n    brokerIds: [1, 1000000001, 2147483647]';
  expect(mistakesOf(smallFile({ brokerCount: ids }))).toEqual([]);
});

describe('a map that users name the keys of', () => {
  const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];

  test.each(keys)('clusters.%s', (key) => {
    const { configuration, mistakes } = judge(smallFile({ orders: `  ${key}:` }));
    if (/[A-Z_]/.test(key)) expect(mistakes.map(({ path }) => path)).toContainEqual(['clusters', key]);
    else expect(Object.keys(configuration?.clusters ?? {})).toEqual([key]);
  });

  test.each(keys)('channels.endpoints.%s', (key) => {
    const file = (name: string) =>
      smallFile(
        {},
        `channels: { endpoints: { ${key}: { kind: email, parameter: /mskeeper/mail } }, byTopic: { warning: [${name}] } }\n`,
      );
    const { configuration, mistakes } = judge(file(key));
    if (/[A-Z_]/.test(key)) expect(mistakes.map(({ path }) => path)).toContainEqual(['channels', 'endpoints', key]);
    else expect(configuration?.channels.byTopic.warning).toEqual([key]);
  });

  test.each(keys)('what refers to %s, which is not there', (key) => {
    const file = smallFile(
      { role: `    role: backup\n    backupOf: ${key}` },
      `channels: { byTopic: { warning: [${key}] } }\n`,
    );
    expect(mistakesOf(file)).toEqual(
      expect.arrayContaining([
        '7 clusters.orders.backupOf: names no cluster of this file',
        expect.stringMatching(/^11 channels\.byTopic\.warning\[0\]: (?:names no endpoint|lower-case words)/),
      ]),
    );
  });

  test.each(['modes', 'approvals', 'schedules', 'policy', 'killSwitch'])('%s, of which the keys are ours', (map) => {
    for (const key of keys)
      expect(mistakesOf(smallFile({}, `${map}: { ${key}: x }\n`)), key).toContainEqual(
        expect.stringMatching(`^10 ${map}\\.${key}: is (?:not a setting|no possible name here)`),
      );
  });
});

import { expect, test } from 'vitest';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';
import { cpuMsOf } from '../../../support/cpu.ts';

test.each<[name: string, text: string, mistake: RegExp]>([
  ['an empty file', '', /^1 \(file\): is empty$/],
  ['nothing but comments', '# soon\n', /^1 \(file\): is empty$/],
  ['a list', '- version: 1\n', /^1 \(file\): must be a map, is a list$/],
  ['one word', 'mskeeper\n', /^1 \(file\): must be a map, is a string$/],
  ['an unclosed bracket', `${smallFile()}modes: { failover: plan\n`, /^11 modes: Flow map/],
  ['a tab for indentation', 'version: 1\nclusters:\n\torders: {}\n', /^3 \(file\): Tabs are not allowed/],
  ['two documents', 'version: 1\n---\nversion: 1\n', /\(file\): Source contains multiple documents/],
  ['a tag of another language', 'version: !!js/function "x"\n', /^1 version: Unresolved tag/],
  [
    'an alias without its anchor',
    'version: 1\nmodes: *none\n',
    /^2 modes: is an alias \(\*\) without its anchor \(&\) above it$/,
  ],
  ['a million characters', `# ${'x'.repeat(1_000_000)}\n`, /^1 \(file\): is longer than 1000000 characters$/],
  [
    'UTF-16',
    `\uFEFF${Buffer.from('version: 1\n', 'utf16le').toString('utf8')}`,
    /^1 \(file\): has NUL characters: must be saved as UTF-8/,
  ],
  ['binary data', 'version: !!binary aGk=\n', /^1 version: Unresolved tag/],
  ['ten thousand nested lists', '['.repeat(10_000), /^1 \(file\): is nested too deeply$/],
])('%s is one clear mistake', (_name, text, mistake) => {
  expect(mistakesOf(text)[0]).toMatch(mistake);
  expect(judge(text).configuration).toBeUndefined();
});

test('the ends of lines of another system and a mark of byte order change nothing', () => {
  const text = smallFile({ brokerCount: '    brokerCount: three' }, 'timeZone: UTC\nkillswitch: {}\n');
  const mistakes = mistakesOf(text);
  expect(mistakes).toHaveLength(2);
  for (const other of [text.replaceAll('\n', '\r\n'), `\uFEFF${text}`, `\uFEFF${text.replaceAll('\n', '\r\n')}`])
    expect(mistakesOf(other)).toEqual(mistakes);
  expect(judge(smallFile().replaceAll('\n', '\r\n')).configuration).toEqual(judge(smallFile()).configuration);
});

test('a bomb of aliases is refused at once, and does not fill the memory', () => {
  const layers = Array.from({ length: 30 }, (_, layer) => {
    const below = layer === 0 ? 'x' : `*a${layer - 1}`;
    return `a${layer}: &a${layer} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
  });
  const cpuMs = cpuMsOf(() => {
    expect(mistakesOf(layers.join('\n'))).toEqual([expect.stringContaining('has too many aliases')]);
  });
  expect(cpuMs).toBeLessThan(2_000);
});

test('an anchor used a few times is welcome', () => {
  const text = smallFile(
    {},
    'contacts: []\npolicy:\n  limits: { gcCount: &level { warning: 5 }, diskIoPercent: *level }\n',
  );
  expect(judge(text).configuration?.policy.limits.diskIoPercent).toEqual({ warning: 5 });
});

test('a key named __proto__ is an unknown setting and changes no object', () => {
  expect(mistakesOf(smallFile({}, '__proto__: { polluted: true }\n'))).toEqual([
    expect.stringContaining('10 __proto__: is not a setting'),
  ]);
  expect({}).not.toHaveProperty('polluted');
});

test('a key that stands twice hides no other mistake', () => {
  expect(mistakesOf(smallFile({}, 'timeZone: UTC\ntimeZone: UTC\nkillswitch: {}\n'))).toEqual([
    '11 timeZone: stands twice in one map',
    expect.stringContaining('12 killswitch: is not a setting'),
  ]);
});

test.each<[name: string, text: string]>([
  ['twenty thousand unknown keys', Array.from({ length: 20_000 }, (_, index) => `key${index}: 1\n`).join('')],
  ['a text that looks like an address for half a million characters', `timeZone: ${'a.'.repeat(250_000)}\n`],
])('%s are judged within seconds', (_name, more) => {
  const cpuMs = cpuMsOf(() => {
    expect(mistakesOf(smallFile({}, more)).length).toBeGreaterThan(0);
  });
  expect(cpuMs).toBeLessThan(10_000);
});

import { expect, test } from 'vitest';
import { UsageError } from '../../../../infra/command-line.ts';
import { parseCommandLine } from '../../../../local/drill/command-line.ts';
import { scenarios } from '../../../../local/drill/scenarios/scenarios.ts';

const parse = (...args: string[]) => parseCommandLine(args, scenarios);
const namesIn = (...args: string[]) => {
  const command = parse(...args);
  return command.action === 'run' ? command.scenarios.map(({ name }) => name) : command.action;
};

test('no argument runs every scenario, a name runs that one, a name twice runs it once', () => {
  expect(namesIn()).toEqual(['healthy', 'broker-loss', 'disk-fill']);
  expect(namesIn('broker-loss')).toEqual(['broker-loss']);
  expect(namesIn('healthy', 'healthy')).toEqual(['healthy']);
});

test('a running cluster is given no scenario that breaks or fills brokers', () => {
  expect(namesIn('--bootstrap', 'a:9092, b:9092')).toEqual(['healthy']);
  expect(parse('--bootstrap', 'a:9092, b:9092')).toMatchObject({ bootstrapServers: ['a:9092', 'b:9092'] });
});

test('the options reach the command', () => {
  expect(parse('--keep', '--json', '--output', 'x')).toMatchObject({
    shouldKeep: true,
    isJson: true,
    outputFolder: 'x',
  });
  expect(parse('--list')).toEqual({ action: 'list' });
  expect(parse('--help', 'nonsense')).toEqual({ action: 'help' });
  expect(parse('--invoke', 'f')).toEqual({ action: 'invoke', functionName: 'f', event: '{}' });
});

test.each([
  [['nope'], 'no scenario is called nope; there are healthy, broker-loss'],
  [['--frob'], "Unknown option '--frob'; --help lists the options"],
  [['--keep=yes'], 'does not take an argument; --help lists the options'],
  [['--bootstrap', 'nowhere'], '--bootstrap takes host:port'],
  [['--bootstrap', 'a:0'], '--bootstrap takes host:port'],
  [['--bootstrap', 'a:70000'], '--bootstrap takes host:port'],
  [
    ['broker-loss', '--bootstrap', 'a:1'],
    "broker-loss breaks brokers or fills them, and those of --bootstrap are not the drill's own",
  ],
  [['--event', '{}'], '--event goes with --invoke'],
  [['--invoke', 'f', '--event', '{'], '--event takes JSON'],
])('%j is refused in one clear line', (args, said) => {
  expect(() => parse(...args)).toThrow(UsageError);
  expect(() => parse(...args)).toThrow(said);
  try {
    parse(...args);
  } catch (error) {
    expect(String(error)).not.toContain('\n');
  }
});

import { expect, test } from 'vitest';
import { UsageError } from '../../../../infra/command-line.ts';
import { parseCommandLine } from '../../../../local/drill/command-line.ts';
import { drawDrills, drills } from '../../../../local/drill/scenarios/scenarios.ts';

const parse = (...args: string[]) => parseCommandLine(args, drills);
const namesIn = (...args: string[]) => {
  const command = parse(...args);
  return command.action === 'run' ? command.scenarios.map(({ name }) => name) : command.action;
};

test('no argument runs the tour, a name runs that one, a name twice runs it once, --all runs every one', () => {
  expect(namesIn()).toEqual(['healthy', 'broker-loss', 'disk-fill']);
  expect(namesIn('--all')).toEqual(drills.all.map(({ name }) => name));
  expect(namesIn('broker-loss')).toEqual(['broker-loss']);
  expect(namesIn('healthy', 'healthy')).toEqual(['healthy']);
});

test('a seed draws the loss of a broker and one other, the same for the same number, each one of the tour by some number', () => {
  const drawn = Array.from({ length: 40 }, (_, seed) => namesIn('--seed', String(seed)));
  for (const [seed, names] of drawn.entries()) {
    expect(names).toHaveLength(2);
    expect(names).toContain('broker-loss');
    expect(namesIn('--seed', String(seed))).toEqual(names);
  }
  expect(new Set(drawn.flat())).toEqual(new Set(drills.tour.map(({ name }) => name)));
  expect(drawDrills({ ...drills, tour: [drills.always] }, 3)).toEqual([drills.always]);
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
  [['--all', 'healthy'], 'scenarios by name, --all and --seed exclude one another'],
  [['--all', '--seed', '1'], 'scenarios by name, --all and --seed exclude one another'],
  [['--seed', '-1'], '--seed'],
  [['--seed', 'x'], '--seed takes a whole number of at most ten digits, not "x"'],
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

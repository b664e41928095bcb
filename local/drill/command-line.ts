import { parseOptions, UsageError } from '../../infra/command-line.ts';
import type { Scenario } from './scenario.ts';
import { type Drills, drawDrills } from './scenarios/scenarios.ts';

export type RunCommand = {
  readonly action: 'run';
  readonly scenarios: readonly Scenario[];
  readonly shouldKeep: boolean;
  readonly isJson: boolean;
  readonly bootstrapServers: readonly string[] | undefined;
  readonly outputFolder: string;
};

export type DrillCommand =
  | { readonly action: 'help' | 'list' }
  | { readonly action: 'invoke'; readonly functionName: string; readonly event: string }
  | RunCommand;

/** @throws UsageError for an unknown option or scenario, a bad address, or a scenario that the given cluster cannot serve */
export function parseCommandLine(args: readonly string[], drills: Drills): DrillCommand {
  const { values, positionals } = parse(args);
  if (values.help) return { action: 'help' };
  if (values.list) return { action: 'list' };
  if (values.invoke !== undefined)
    return { action: 'invoke', functionName: values.invoke, event: checkEvent(values.event ?? '{}') };
  if (values.event !== undefined) throw new UsageError('--event goes with --invoke <function>');
  const chosen = choose({ names: positionals, isAll: values.all, seed: values.seed }, drills);
  const bootstrapServers = values.bootstrap?.split(',').map(checkAddress);
  const impossible = chosen.find(({ needsOwnBrokers }) => needsOwnBrokers && bootstrapServers !== undefined);
  if (impossible !== undefined && positionals.length > 0)
    throw new UsageError(
      `${impossible.name} breaks brokers or fills them, and those of --bootstrap are not the drill's own`,
    );
  return {
    action: 'run',
    scenarios: chosen.filter(({ needsOwnBrokers }) => !needsOwnBrokers || bootstrapServers === undefined),
    shouldKeep: values.keep,
    isJson: values.json,
    bootstrapServers,
    outputFolder: values.output,
  };
}

const parse = (args: readonly string[]) =>
  parseOptions(args, {
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      seed: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      bootstrap: { type: 'string' },
      output: { type: 'string', default: 'out/drill' },
      invoke: { type: 'string' },
      event: { type: 'string' },
    },
  });

type Wish = { readonly names: readonly string[]; readonly isAll: boolean; readonly seed: string | undefined };

/** Named ones, all, those that a seed draws, or the tour. */
const choose = ({ names, isAll, seed }: Wish, drills: Drills): readonly Scenario[] => {
  if ([names.length > 0, isAll, seed !== undefined].filter(Boolean).length > 1)
    throw new UsageError('scenarios by name, --all and --seed exclude one another');
  if (isAll) return drills.all;
  if (seed !== undefined) return drawDrills(drills, checkSeed(seed));
  if (names.length === 0) return drills.tour;
  const found = new Set(names.map((name) => find(name, drills.all)));
  // What is well is shown before anything is broken, in whatever order they were named: they share one world.
  return drills.all.filter((scenario) => found.has(scenario));
};

const checkSeed = (text: string): number => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new UsageError(`--seed takes a whole number of at most ten digits, not ${JSON.stringify(text)}`);
};

const find = (name: string, known: readonly Scenario[]): Scenario => {
  const found = known.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`no scenario is called ${name}; there are ${known.map((scenario) => scenario.name).join(', ')}`);
};

const checkAddress = (address: string): string => {
  const port = /^[^\s:,]+:(\d{1,5})$/.exec(address.trim())?.[1];
  if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return address.trim();
  throw new UsageError(`--bootstrap takes host:port, with commas between several, not ${JSON.stringify(address)}`);
};

const checkEvent = (text: string): string => {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new UsageError(`--event takes JSON, not ${JSON.stringify(text)}`);
  }
};

export const help = `Runs mskeeper's drills in a world on this machine: real Kafka brokers, the functions as they are deployed,
and a stand-in for AWS. Needs no account. Ends with a table, out/drill/report.json and out/drill/report.html.

  npm run drill                     the tour: what mskeeper does, in some minutes
  npm run drill -- broker-loss      one
  npm run drill -- --all            every scenario
  npm run drill -- --seed 7         broker-loss and another one, drawn by the number
  npm run drill -- --list           what there is

  --keep                the world stays up after the last scenario and says how to reach it, until Ctrl-C
  --bootstrap <h:p,…>   a running plaintext cluster instead of brokers of its own; topics and a group with names of
                        their own are made there and removed at the end, and nothing else is changed
  --output <folder>     where the reports and the functions' logs go (default out/drill)
  --json                the report on standard output
  --invoke <function> [--event <json>]
                        invokes a function of a world that another terminal keeps, and prints its answer
  --help

Exit status: 0 all passed, 1 something failed, 2 the command line or the machine is not fit, 130 interrupted.
`;

import { join } from 'node:path';
import { mostBrokers } from '../shared/configuration/cluster-schema.ts';
import type { Configuration } from '../shared/core/configuration.ts';
import { estimateCost } from './bill/cost-estimate.ts';
import { costTable, withBrokerCount } from './bill/cost-table.ts';
import { runCommand, UsageError } from './command-line.ts';
import { resolveConfiguration } from './configuration/resolve-configuration.ts';
import { print } from './terminal/print.ts';

const help = `Says what each cluster's stack costs in a quiet month of 30 days, by the schedules of mskeeper.yml, what a run of
each function was counted to call (infra/bill/run-footprint.ts), and list prices (infra/bill/price-list.ts). Asks AWS nothing.

  npm run cost -- [--configuration mskeeper.yml] [--brokers 30] [--json]

  --configuration <file>   another mskeeper.yml
  --brokers <count>        as if each cluster had so many brokers, up to 90
  --json                   {<cluster>: {lines: [{what, formula, count, unit, usd}], totalUsd, assumptions}}
  --help
`;

/** @throws UsageError where the count is none that a cluster can have */
const withBrokers = (configuration: Configuration, text: string): Configuration => {
  const brokerCount = Number(text);
  if (!/^\d+$/.test(text) || brokerCount < 1 || brokerCount > mostBrokers)
    throw new UsageError(`--brokers must be a whole number from 1 to ${mostBrokers}, not ${text}`);
  return withBrokerCount(configuration, brokerCount);
};

if (import.meta.main) {
  await runCommand({
    help,
    options: {
      configuration: { type: 'string', default: join(import.meta.dirname, '../mskeeper.yml') },
      brokers: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    run: ({ values }) => {
      const written = resolveConfiguration(values.configuration);
      const configuration = values.brokers === undefined ? written : withBrokers(written, values.brokers);
      const estimates = Object.keys(configuration.clusters).map(
        (clusterKey) => [clusterKey, estimateCost(configuration, clusterKey)] as const,
      );
      print(
        values.json
          ? `${JSON.stringify(Object.fromEntries(estimates), null, 2)}\n`
          : estimates.map(([clusterKey, estimate]) => `${clusterKey}\n\n${costTable(estimate)}\n`).join('\n'),
      );
      return undefined;
    },
  });
}

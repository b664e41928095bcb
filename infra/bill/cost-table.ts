import { brokerIdsFromOne } from '../../shared/core/broker-ids.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { type CostEstimate, estimateCost, shortNumber } from './cost-estimate.ts';

/** The estimate in Markdown, as `npm run cost` prints it and docs/deploy.md shows it. */
export const costTable = ({ lines, totalUsd, assumptions }: CostEstimate): string =>
  [
    '| what | counted from | a month | USD |',
    '|---|---|--:|--:|',
    ...lines.map(
      ({ what, formula, count, unit, usd }) =>
        `| ${what} | ${formula} | ${count < 10 ? shortNumber(count) : Math.round(count)} ${unit} | ${usd.toFixed(2)} |`,
    ),
    `| **together** | | | **${totalUsd.toFixed(2)}** |`,
    '',
    'Assumed, not measured:',
    '',
    ...assumptions.map((assumption) => `- ${assumption}`),
  ].join('\n');

/** As if each cluster had so many brokers, with ids from one; Serverless has none to count. */
export const withBrokerCount = (configuration: Configuration, brokerCount: number): Configuration => {
  const brokers = { brokerCount, brokerIds: brokerIdsFromOne(brokerCount) };
  const clusters = Object.entries(configuration.clusters).map(([key, cluster]) => [
    key,
    cluster.brokerKind === 'serverless' ? cluster : { ...cluster, ...brokers },
  ]);
  return { ...configuration, clusters: Object.fromEntries(clusters) };
};

/** What the lines that grow with brokers cost for several counts of them, in Markdown. */
export const costByBrokersTable = (
  configuration: Configuration,
  clusterKey: string,
  counts: readonly number[],
): string => {
  const rows = counts.map((brokerCount) => {
    const { lines, totalUsd } = estimateCost(withBrokerCount(configuration, brokerCount), clusterKey);
    const usdOf = (name: string) => (lines.find(({ what }) => what === name)?.usd ?? 0).toFixed(2);
    return `| ${brokerCount} | ${usdOf('CloudWatch alarms')} | ${usdOf('GetMetricData')} | ${totalUsd.toFixed(2)} |`;
  });
  return ['| brokers | alarms, USD | GetMetricData, USD | together, USD |', '|--:|--:|--:|--:|', ...rows].join('\n');
};

import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import { prices } from './price-list.ts';

/**
 * What one enlargement of the volumes uses, from the first look to the end, with a person's yes and half an hour at MSK:
 * rounded up from a run of the packaged function that nothing disturbed, and
 * test/integration/durable/storage-scaling-bill.test.ts fails where a run needs more.
 */
export const enlargementFootprint = {
  durableOperationCount: 40,
  invocationCount: 20,
  s3ReadCount: 25,
  s3WriteCount: 10,
  metricCallCount: 10,
} as const;

const assumedSeconds = 5;
const runMemoryMiB = 512;

const usdOf = (price: keyof typeof prices, count: number): number => (count / prices[price].per) * prices[price].usd;

/** One sentence for the estimate, which is of a quiet month: nothing is enlarged in it. */
export const describeEnlargementCost = ({ brokerCount }: Pick<ClusterConfiguration, 'brokerCount'>): string => {
  const { durableOperationCount, invocationCount, s3ReadCount, s3WriteCount, metricCallCount } = enlargementFootprint;
  const usd =
    usdOf('durableOperation', durableOperationCount) +
    usdOf('lambdaGibSecond', invocationCount * (runMemoryMiB / 1024) * assumedSeconds) +
    usdOf('lambdaRequest', invocationCount) +
    usdOf('s3Get', s3ReadCount) +
    usdOf('s3Put', s3WriteCount) +
    usdOf('metricRequested', metricCallCount * brokerCount);
  return `not in the sum: storage-scaling runs in no quiet month; one enlargement is up to ${durableOperationCount} durable operations and ${invocationCount} runs × ${runMemoryMiB} MiB × ${assumedSeconds} s (assumed), ${usd.toFixed(3)} USD without its logs and metrics`;
};

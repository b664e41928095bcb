import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { prices } from './price-list.ts';

const usdOf = (price: keyof typeof prices, count: number): number => (count / prices[price].per) * prices[price].usd;

/** One sentence for each procedure that acts, for the estimate, which is of a quiet month: nothing is changed in it. */
export const describeActCosts = (
  functions: readonly FunctionDefinition[],
  { brokerCount }: Pick<ClusterConfiguration, 'brokerCount'>,
): readonly string[] =>
  functions.flatMap(({ procedure, durable, memoryMiB, assumedSeconds }) => {
    if (durable === undefined) return [];
    const { act, durableOperationCount, invocationCount, s3ReadCount, s3WriteCount, metricCallCount } =
      durable.actFootprint;
    const usd =
      usdOf('durableOperation', durableOperationCount) +
      usdOf('lambdaGibSecond', invocationCount * (memoryMiB / 1024) * assumedSeconds) +
      usdOf('lambdaRequest', invocationCount) +
      usdOf('s3Get', s3ReadCount) +
      usdOf('s3Put', s3WriteCount) +
      usdOf('metricRequested', metricCallCount * brokerCount);
    return [
      `not in the sum: ${procedure} runs in no quiet month; one ${act} is up to ${durableOperationCount} durable operations and ${invocationCount} runs × ${memoryMiB} MiB × ${assumedSeconds} s (assumed), ${usd.toFixed(3)} USD without its logs and metrics`,
    ];
  });

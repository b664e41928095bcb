import type {
  GetDurableExecutionCommandInput,
  GetDurableExecutionCommandOutput,
  GetDurableExecutionHistoryCommandInput,
  GetDurableExecutionHistoryCommandOutput,
  ListDurableExecutionsByFunctionCommandInput,
  ListDurableExecutionsByFunctionCommandOutput,
  StopDurableExecutionCommandInput,
  StopDurableExecutionCommandOutput,
} from '@aws-sdk/client-lambda';
import { pageOf } from '../../../page.ts';
import type { OperationHandler } from '../../../service.ts';
import { permissionOn } from '../describe-function.ts';
import { type FunctionRegistry, parseReference } from '../function-registry.ts';
import { summarise } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { withoutData } from './history.ts';
import { invalid } from './limits.ts';
import type { DurableRunner } from './runner.ts';

type Without<Output> = Omit<Output, '$metadata'>;

const defaultPageSize = 100;
const longestPage = 1000;
const pageSizeOf = (maxItems: number | undefined): number => {
  if (maxItems !== undefined && (maxItems < 0 || maxItems > longestPage))
    throw invalid(`MaxItems must be between 0 and ${longestPage}.`);
  return maxItems || defaultPageSize;
};

/** Looking at executions and stopping them: what people, drills and other functions call. */
export function executionOperations(options: {
  readonly executions: ExecutionStore;
  readonly registry: FunctionRegistry;
  readonly runner: DurableRunner;
}) {
  const { executions, registry, runner } = options;
  const onExecution =
    (action: string) =>
    ({ DurableExecutionArn: resource = '' }: { DurableExecutionArn: string | undefined }) => [{ action, resource }];

  const GetDurableExecution: OperationHandler<
    GetDurableExecutionCommandInput,
    Without<GetDurableExecutionCommandOutput>
  > = {
    authorize: onExecution('lambda:GetDurableExecution'),
    run({ DurableExecutionArn: arn = '', IncludeExecutionData: isDataIncluded = true }) {
      const execution = executions.get(arn);
      const { version, durable } = execution.target.configuration;
      const data = { InputPayload: execution.payload, Result: execution.result, Error: execution.error };
      return {
        ...summarise(execution),
        Version: version,
        ExecutionDataIncluded: isDataIncluded,
        DurableConfig: {
          ExecutionTimeout: durable?.executionTimeoutSeconds,
          RetentionPeriodInDays: durable?.retentionDays,
        },
        ...(isDataIncluded ? data : {}),
      };
    },
  };

  const GetDurableExecutionHistory: OperationHandler<
    GetDurableExecutionHistoryCommandInput,
    Without<GetDurableExecutionHistoryCommandOutput>
  > = {
    authorize: onExecution('lambda:GetDurableExecutionHistory'),
    run(input) {
      const { DurableExecutionArn: arn = '', IncludeExecutionData: isDataIncluded = true } = input;
      const { history } = executions.get(arn);
      const { items, nextToken } = pageOf(input.ReverseOrder === true ? history.toReversed() : history, {
        list: `history/${arn}`,
        pageSize: pageSizeOf(input.MaxItems),
        token: input.Marker,
        badTokenCode: 'InvalidParameterValueException',
      });
      return { Events: isDataIncluded ? [...items] : withoutData(items), NextMarker: nextToken };
    },
  };

  const ListDurableExecutionsByFunction: OperationHandler<
    ListDurableExecutionsByFunctionCommandInput,
    Without<ListDurableExecutionsByFunctionCommandOutput>
  > = {
    authorize: (input, call) => [permissionOn('ListDurableExecutionsByFunction', input, call)],
    run(input) {
      const { FunctionName: reference = '', DurableExecutionName: name, Statuses: statuses = [] } = input;
      const qualifier = input.Qualifier ?? parseReference(reference).qualifier;
      const { configuration } = registry.resolve(reference, input.Qualifier);
      const found = executions.all().filter((execution) => {
        const own = execution.target.configuration;
        return (
          own.name === configuration.name &&
          (qualifier === undefined || own.version === configuration.version) &&
          (name === undefined || execution.name === name) &&
          (statuses.length === 0 || statuses.includes(execution.status)) &&
          (input.StartedAfter === undefined || execution.startedAtMs > input.StartedAfter.getTime()) &&
          (input.StartedBefore === undefined || execution.startedAtMs < input.StartedBefore.getTime())
        );
      });
      // Newest first, unless asked for the other way round.
      const { items, nextToken } = pageOf(input.ReverseOrder === true ? found : found.toReversed(), {
        list: `executions/${configuration.name}`,
        pageSize: pageSizeOf(input.MaxItems),
        token: input.Marker,
        badTokenCode: 'InvalidParameterValueException',
      });
      return { DurableExecutions: items.map(summarise), NextMarker: nextToken };
    },
  };

  const StopDurableExecution: OperationHandler<
    StopDurableExecutionCommandInput,
    Without<StopDurableExecutionCommandOutput>
  > = {
    authorize: onExecution('lambda:StopDurableExecution'),
    run({ DurableExecutionArn: arn = '', Error: error }) {
      const execution = executions.get(arn);
      runner.end(execution, { status: 'STOPPED', error });
      return { StopTimestamp: new Date(execution.endedAtMs ?? execution.startedAtMs) };
    },
  };

  return {
    GetDurableExecution,
    GetDurableExecutionHistory,
    ListDurableExecutionsByFunction,
    StopDurableExecution,
  };
}

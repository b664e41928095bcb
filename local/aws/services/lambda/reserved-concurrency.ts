import type {
  GetAccountSettingsCommandOutput,
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandOutput,
} from '@aws-sdk/client-lambda';
import { AwsError, type OperationHandler } from '../../service.ts';
import { permissionOn } from './describe-function.ts';
import type { FunctionRegistry } from './function-registry.ts';

type Answer<Output> = Omit<Output, '$metadata'>;

/** Lambda Developer Guide, "Configuring reserved concurrency for a function". */
const leastUnreserved = 100;

const reservedIn = ({ all }: FunctionRegistry, butOf = ''): number =>
  [...all.values()]
    .filter(({ latest }) => latest.name !== butOf)
    .reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);

/** @throws AwsError in Lambda's words where a function would leave the others fewer executions than Lambda keeps */
export const requireUnreserved = (
  registry: FunctionRegistry,
  quota: number,
  { name, reserved }: { readonly name: string; readonly reserved: number | undefined },
): void => {
  if (reserved === undefined || quota - reservedIn(registry, name) - reserved >= leastUnreserved) return;
  throw new AwsError(
    'InvalidParameterValueException',
    400,
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
  );
};

/** GetAccountSettings, of which the concurrency alone is known here. */
export const getAccountSettings = (
  registry: FunctionRegistry,
  quota: () => number,
): OperationHandler<object, Answer<GetAccountSettingsCommandOutput>> => ({
  authorize: () => [{ action: 'lambda:GetAccountSettings', resource: '*' }],
  run: () => ({
    AccountLimit: {
      ConcurrentExecutions: quota(),
      UnreservedConcurrentExecutions: quota() - reservedIn(registry),
    },
    AccountUsage: { FunctionCount: registry.all.size },
  }),
});

/** GetFunctionConcurrency: what is reserved for a function, or nothing. */
export const getFunctionConcurrency = (
  registry: FunctionRegistry,
): OperationHandler<GetFunctionConcurrencyCommandInput, Answer<GetFunctionConcurrencyCommandOutput>> => ({
  authorize: (input, call) => [permissionOn('GetFunctionConcurrency', input, call)],
  run: ({ FunctionName = '' }) => {
    const { reservedConcurrency } = registry.resolve(FunctionName).lambdaFunction;
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
});

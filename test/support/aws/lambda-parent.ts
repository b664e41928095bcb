import { bundleRuntime } from '../../../local/aws/lambda-runtime/runtime-bundle.ts';
import { runInSandbox } from '../../../local/aws/lambda-runtime/sandbox.ts';

// For lambda-orphans.test.ts: the world that is going to die while a function runs. The function writes its own pid.
const [directory = ''] = process.argv.slice(2);
await runInSandbox({
  runtimeFile: await bundleRuntime(directory),
  taskRoot: directory,
  environment: { LAMBDA_TASK_ROOT: directory, _HANDLER: 'index.handler' },
  memoryMb: 256,
  message: {
    type: 'invoke',
    requestId: 'r',
    invokedFunctionArn: 'arn:f',
    traceId: 't',
    payload: '{}',
    timeoutMs: 600_000,
    clientContext: undefined,
  },
});

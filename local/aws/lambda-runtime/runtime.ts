/**
 * The process of one invocation: Lambda's Node.js runtime in small. It loads the handler, says `ready`, is given an
 * event, answers, and ends. Bundled by runtime-bundle.ts, so that it costs a function as little as Lambda's own.
 */
import { disturbChance } from './disturbance.ts';
import { describeError, RuntimeError } from './error-shape.ts';
import { invocationContext } from './invocation-context.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import { patchConsole } from './log-patch.ts';
import {
  type Disturbance,
  dateShiftVariable,
  disturbanceVariable,
  type InvokeMessage,
  outsideProxyVariable,
  type RuntimeMessage,
} from './messages.ts';
import { watchSteps } from './step-scope.ts';
import { leadOutside } from './way-outside.ts';
import { moveDate } from './world-date.ts';

const startedMs = performance.now();
const environment = process.env;
const send = process.send?.bind(process);
if (send === undefined) throw new Error('the runtime is started by the sandbox only');
// The channel to the sandbox is not the function's: it can neither write to it nor be kept alive by it.
Reflect.deleteProperty(process, 'send');
// When the world dies, whatever way, its functions die too.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

const shiftMs = Number(environment[dateShiftVariable] ?? 0);
Reflect.deleteProperty(environment, dateShiftVariable);
const disturbance: Disturbance | undefined =
  environment[disturbanceVariable] === undefined ? undefined : JSON.parse(environment[disturbanceVariable]);
Reflect.deleteProperty(environment, disturbanceVariable);
if (disturbance !== undefined) {
  const step = watchSteps();
  disturbChance(disturbance, step);
  moveDate(() => shiftMs + (step() === undefined ? disturbance.dateShiftMs : 0));
} else if (shiftMs !== 0) moveDate(() => shiftMs);

const outsideProxy = environment[outsideProxyVariable];
if (outsideProxy !== undefined) leadOutside(outsideProxy);
// Lambda sets neither. Node has read the file's name, and opens it when it first needs an authority.
for (const name of [outsideProxyVariable, 'NODE_EXTRA_CA_CERTS']) Reflect.deleteProperty(environment, name);

let requestId = '';
let isAnswered = false;

/** Nothing of the function runs on after its answer, as in a frozen sandbox. */
function end(message: RuntimeMessage): void {
  if (isAnswered) return;
  isAnswered = true;
  send?.(message, () => process.kill(process.pid, 'SIGKILL'));
}

function fail(thrown: unknown, label: string): void {
  if (isAnswered) return;
  const error = describeError(thrown);
  const { errorType, errorMessage, trace: stack } = error;
  console.error(`${label}\t${JSON.stringify({ errorType, errorMessage, stack })}`);
  end({ type: 'failed', error, maxRssBytes: maxRssBytes() });
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  environment._X_AMZN_TRACE_ID = message.traceId;
  try {
    const result = await handler(JSON.parse(message.payload), invocationContext(message, environment));
    end({ type: 'returned', payload: stringify(result), maxRssBytes: maxRssBytes() });
  } catch (thrown) {
    fail(thrown, 'Invoke Error');
  }
}

function stringify(result: unknown): string {
  try {
    // undefined has no JSON; Lambda answers null.
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw new RuntimeError('MarshalError', `Unable to stringify response body: ${String(cause)}`);
  }
}

/** The most memory that this process ever held. */
function maxRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

patchConsole(environment.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? 'JSON' : 'Text', () => requestId);
process.on('uncaughtException', (thrown) => fail(thrown, 'Uncaught Exception'));
process.on('unhandledRejection', (reason) => {
  const { errorType, errorMessage } = describeError(reason);
  fail(new RuntimeError('UnhandledPromiseRejection', `${errorType}: ${errorMessage}`), 'Unhandled Promise Rejection');
});

try {
  const handler = await loadHandler(environment.LAMBDA_TASK_ROOT ?? '', environment._HANDLER ?? '');
  process.channel?.ref();
  process.once('message', (message: InvokeMessage) => {
    process.channel?.unref();
    // A handler that awaits what will never come ends with an empty event loop: Lambda answers null.
    process.once('beforeExit', () => end({ type: 'returned', payload: 'null', maxRssBytes: maxRssBytes() }));
    void invoke(handler, message);
  });
  send({ type: 'ready', initMs: performance.now() - startedMs } satisfies RuntimeMessage);
} catch (thrown) {
  fail(thrown, 'Uncaught Exception');
}

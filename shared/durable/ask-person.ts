import { CallbackExternalError, CallbackTimeoutError, type DurableContext } from '@aws/durable-execution-sdk-js';
import { DependencyError } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';
import type { ApprovalOutcome, ApprovalRequest } from './approval.ts';
import { documentOf } from './approval-digest.ts';
import { judgeAnswer } from './approval-judgement.ts';
import type { ApprovalPorts, Meanwhile } from './durable.ts';
import { restoreStepError } from './errors.ts';
import { wholeSeconds } from './retry.ts';
import { runStep } from './steps.ts';

type Invocation = {
  readonly context: DurableContext;
  readonly calls: CallScope;
  readonly nowMs: () => number;
};

/** What came through the callback. */
type Settled = { readonly payload: string | undefined } | { readonly thrown: unknown };

/** `Durable`'s approval on AWS's SDK. */
export async function runApproval(
  { context, calls, nowMs }: Invocation,
  name: string,
  request: ApprovalRequest,
  { keep, ...judge }: ApprovalPorts,
  meanwhile: Meanwhile,
): Promise<ApprovalOutcome> {
  const timeout = { seconds: wholeSeconds(request.timeoutMs) };
  const [answered, callbackId] = await context.createCallback<string>(name, { timeout });
  const asked = documentOf(request, callbackId);
  try {
    // The id is in no step's value and in no error: whoever reads the history could answer.
    await runStep(context, calls, `ask ${name}`, () => keep(asked).then(() => null), [callbackId]);
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return { outcome: 'unasked', why: error.message };
  }
  await meanwhile.whenAsked();
  const settled: Promise<Settled> = answered.then(
    (payload) => ({ payload }),
    (thrown: unknown) => ({ thrown }),
  );
  for (let part = 1; !(await isSettledWithin(context, settled, `wait ${name}.${part}`, meanwhile.everyMs)); part += 1) {
    if ((await meanwhile.look()) === 'lapsed') return { outcome: 'lapsed' };
  }
  const said = await settled;
  if ('thrown' in said) {
    if (said.thrown instanceof CallbackTimeoutError) return { outcome: 'timed-out' };
    // Somebody answered with a failure, and so without saying who he is.
    if (!(said.thrown instanceof CallbackExternalError)) throw restoreStepError(said.thrown);
  }
  const payload = 'payload' in said ? said.payload : undefined;
  try {
    return await runStep(context, calls, `answer ${name}`, () => judgeAnswer(payload, asked, judge, nowMs));
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return { outcome: 'void', because: 'unreachable', detail: error.message };
  }
}

/**
 * Whether the callback came first, or the time. A context of its own keeps which of them it was: at a replay both have
 * happened, and the run must go on as it did. What it leaves waiting ends with it.
 */
const isSettledWithin = async (
  context: DurableContext,
  settled: Promise<Settled>,
  name: string,
  durationMs: number,
): Promise<boolean> =>
  context.runInChildContext(name, async (child) =>
    Promise.race([
      settled.then(() => true),
      child.wait(`${name} time`, { seconds: wholeSeconds(durationMs) }).then(() => false),
    ]),
  );

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DependencyError } from '../../../shared/core/errors.ts';
import { type WakeEvent, wakeEvent } from '../../../shared/events/wake.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import { planTopicMessage } from '../../../shared/telling/channels/topic-message.ts';
import { planEntry } from '../../../shared/telling/event-batches.ts';
import { toJson } from '../../../shared/text/json.ts';
import { redactRecord, redactValue } from '../../../shared/text/redaction.ts';
import { type CapturedOutput, captureOutput, lambdaContext } from '../../support/aws/lambda.ts';
import { page } from '../../support/telling/page.ts';

const planted = {
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.cGxhbnRlZHNpZ25hdHVyZQ',
  password: 'planted-Hunter2',
  telephone: '+1 555 010 0199',
} as const;
const sentence = `Authorization: Bearer ${planted.token}\npassword=${planted.password} call ${planted.telephone}`;
const secrets = Object.values(planted);

let output: CapturedOutput;
beforeEach(() => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  output = captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const expectClean = (text: string) => {
  expect(text.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(text).not.toContain(secret);
};

/** All that Lambda's runtime could print of an error: message, stack, own fields, causes. */
function allTextOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = Object.values(Object.getOwnPropertyDescriptors(error)).map(({ value }) => String(value));
  return [error.message, error.stack, ...fields, error.cause === undefined ? '' : allTextOf(error.cause)].join('\n');
}

const manual = {
  source: 'mskeeper.manual',
  procedure: 'cluster-health',
  scope: 'light',
  requestedBy: sentence.slice(0, 199),
};
const handlerOf = (run: () => Promise<Record<string, unknown>>) =>
  defineHandler<WakeEvent, undefined, Record<string, unknown>>({
    procedure: 'cluster-health',
    schema: wakeEvent,
    ports: () => undefined,
    run,
    summary: (seen) => ({
      observation: { seen, config: { password: planted.password } },
      decision: { sentence },
      outcome: 'reported',
    }),
  });

describe('a token, a password and a telephone number', () => {
  test('in an API answer, in configuration and in a decision are in no log line', async () => {
    const answer = {
      StateInfo: { Message: sentence },
      clientSecret: planted.password,
      contact: { phone: planted.telephone },
    };
    await handlerOf(async () => answer)(manual, lambdaContext());
    expectClean(output.lines().join('\n'));
    expect(output.lines().join('\n')).toContain('[redacted');
  });

  test('in a result are in no answer to the invoker, who keeps what names the cluster', async () => {
    const result = { message: sentence, contact: { phone: planted.telephone }, subject: 'broker 2', offset: 7n };
    const answer = await handlerOf(async () => result)(manual, lambdaContext());
    expectClean(toJson(answer));
    expect(answer).toMatchObject({ subject: 'broker 2', offset: 7n });
  });

  test('in an event that is refused are in no log line and no error', async () => {
    const refused = handlerOf(async () => ({}))({ ...manual, scope: sentence, [sentence]: 1 }, lambdaContext());
    const error: unknown = await refused.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'InvalidEventError' });
    expectClean(allTextOf(error));
    expectClean(output.lines().join('\n'));
  });

  test("in an error and its causes are in no log line, and not in what Lambda's runtime prints and returns", async () => {
    const innermost = Object.assign(new Error(sentence), { response: { headers: { authorization: planted.token } } });
    const cause = new TypeError(`while connecting: ${sentence}`, { cause: innermost });
    const error: unknown = await handlerOf(async () => {
      throw new DependencyError('kafka:ListNodes', 'failed', sentence, { cause });
    })(manual, lambdaContext()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'DependencyError', call: 'kafka:ListNodes', failure: 'failed' });
    expectClean(allTextOf(error));
    expectClean(output.lines().join('\n'));
  });

  test('in a defect are not printed either', async () => {
    const error: unknown = await handlerOf(async () => {
      throw Object.assign(new RangeError(sentence), { detail: sentence });
    })(manual, lambdaContext()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'RangeError' });
    expectClean(allTextOf(error));
    expectClean(output.lines().join('\n'));
  });

  test('in a finding are in no event, no notification, no report and no backup', () => {
    const finding = {
      check: 'broker-answers',
      subject: `broker ${planted.telephone}`,
      severity: 'critical' as const,
      message: sentence,
      evidence: { password: planted.password, sentence },
    };
    expectClean(planEntry('mskeeper', { detailType: 'mskeeper finding', detail: redactRecord({ finding }) }).detail);
    const told = page({
      title: sentence,
      says: sentence,
      facts: [{ text: `${finding.subject}: ${finding.message}`, source: sentence }],
      contacts: [`call ${planted.telephone}`],
    });
    const where = { topic: 'critical', endpoints: ['team-mail'], procedure: 'incident', key: '12' } as const;
    const { subject, message } = planTopicMessage(told, where);
    expectClean(`${subject}\n${message}`);
    const topicSettings = { 'sasl.jaas.config': sentence, 'ssl.keystore.password': planted.password, note: sentence };
    expectClean(toJson(redactValue({ findings: [finding], topics: new Map([['orders', topicSettings]]) })));
  });
});

import { SSMClient } from '@aws-sdk/client-ssm';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { expect, test } from 'vitest';
import { fetchKillSwitch } from '../../../../shared/acting/kill-switch.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';

/** An unmodified client whose Parameter Store answers with this status and body, and what it was asked. */
function openParameters(statusCode: number, answer: object, headers: Record<string, string> = {}) {
  const asked: unknown[] = [];
  const client = new SSMClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      async handle(sent: unknown) {
        if (!HttpRequest.isInstance(sent)) throw new TypeError('not a request');
        asked.push(JSON.parse(Buffer.from(sent.body).toString('utf8')));
        return { response: new HttpResponse({ statusCode, headers, body: Buffer.from(JSON.stringify(answer)) }) };
      },
    },
  });
  const calls = openCallScope(new AbortController().signal);
  return { asked, calls, fetch: () => fetchKillSwitch(client, calls, '/mskeeper/kill-switch') };
}

test.each(['on', 'off'] as const)('a parameter that says %s says it', async (value) => {
  const { asked, calls, fetch } = openParameters(200, { Parameter: { Value: value } });
  expect(await fetch()).toEqual({ value });
  expect(asked).toEqual([{ Name: '/mskeeper/kill-switch' }]);
  expect(calls.requestCountByCall()).toEqual({ 'ssm:GetParameter': 1 });
});

test.each([['OFF'], ['off '], [''], ['hunter2'], [undefined]])(
  'a parameter that says %j lets nothing act',
  async (said) => {
    const { fetch } = openParameters(200, { Parameter: { Value: said } });
    const answer = await fetch();
    expect(answer).toMatchObject({ value: 'unknown', message: expect.stringContaining('says neither on nor off') });
    // Somebody may have put a secret there.
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  },
);

test.each([
  ['ParameterNotFound', /does not exist, so nothing acts: make the parameter/],
  ['AccessDeniedException', /cannot be read \(.*denied.*\), so nothing acts: mend that/],
])('%s lets nothing act, and says what to do', async (name, words) => {
  const { fetch } = openParameters(400, { __type: name, message: 'no' }, { 'x-amzn-errortype': name });
  expect(await fetch()).toMatchObject({ value: 'unknown', message: expect.stringMatching(words) });
});

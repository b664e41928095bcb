import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import {
  httpsAddress,
  openChannelSecrets,
  pagerDutySecret,
  type SecretPlace,
  slackSecret,
} from '../../../../shared/aws/channel-secrets.ts';
import { createClient } from '../../../../shared/aws/client.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import {
  type AnsweringServer,
  errorAnswer,
  jsonAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const nowMs = Date.UTC(2026, 2, 1, 9);
const routingKey = 'R0UTINGKEYR0UTINGKEYR0UTINGKEY00';
const botToken = 'xoxb-000000000000-example-token';
const inSecret = { endpoint: 'on-call', secret: 'mskeeper/pagerduty' };
const inParameter = { endpoint: 'watcher', parameter: '/mskeeper/channels/watcher' };
const calls = () => openCallScope(new AbortController().signal);
const open = () => openChannelSecrets(createClient(SecretsManagerClient), createClient(SSMClient));
/** Says the same in whichever place it is asked for. */
const hold = (text: string) =>
  server.answerWith(({ headers }) =>
    `${headers['x-amz-target']}`.includes('GetParameter')
      ? jsonAnswer({ Parameter: { Name: 'n', Value: text } })
      : jsonAnswer({ SecretString: text }),
  );
const read = async <Secret>(text: unknown, schema: z.ZodType<Secret>, place: SecretPlace = inSecret) => {
  hold(typeof text === 'string' ? text : JSON.stringify(text));
  const { value } = await open().fetch(calls(), place, schema, nowMs);
  return value;
};

describe('what channels need to know', () => {
  test('is a secret of Secrets Manager in its form, with what people paste around it taken away', async () => {
    expect(await read({ routingKey: ` ${routingKey}\n` }, pagerDutySecret)).toEqual({ routingKey, region: 'us' });
    const rest = { clientId: 'id', clientSecret: 'secret', subdomain: 'example' };
    expect(await read({ routingKey, region: 'eu', rest }, pagerDutySecret)).toEqual({ routingKey, region: 'eu', rest });
    expect(await read({ routingKey, rest: { apiToken: 'token' } }, pagerDutySecret)).toMatchObject({
      rest: { apiToken: 'token' },
    });
    expect(await read({ botToken }, slackSecret)).toEqual({ botToken });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ SecretId: 'mskeeper/pagerduty' });
  });

  test('or a parameter, decrypted', async () => {
    expect(await read({ botToken }, slackSecret, inParameter)).toEqual({ botToken });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      Name: '/mskeeper/channels/watcher',
      WithDecryption: true,
    });
    expect(await read(' https://watcher.example/ping/0000 ', httpsAddress, inParameter)).toBe(
      'https://watcher.example/ping/0000',
    );
  });

  const pasted = 'hunter2hunter2';
  test.each([
    ['no JSON', pasted, pagerDutySecret, /expected an object of \{routingKey, region\?, rest\?\}/],
    ['nothing', '', slackSecret, /expected an object of \{botToken\}/],
    ['no key', {}, pagerDutySecret, /routingKey: expected the integration key/],
    ['a key of another length', { routingKey: pasted }, pagerDutySecret, /routingKey: expected the 32 letters/],
    ['a key that is a field', { routingKey, [pasted]: pasted }, pagerDutySecret, /expected an object of/],
    ['another region', { routingKey, region: pasted }, pagerDutySecret, /region: expected us or eu/],
    ['half a client', { routingKey, rest: { clientId: pasted } }, pagerDutySecret, /rest: expected \{apiToken\}/],
    [
      'a header in a token',
      { routingKey, rest: { apiToken: `${pasted}\r\nX: y` } },
      pagerDutySecret,
      /rest\.apiToken: expected ASCII/,
    ],
    ['a person’s token', { botToken: `xoxp-${pasted}` }, slackSecret, /botToken: .*begins with xoxb-/],
    ['an address without TLS', `http://${pasted}.example`, httpsAddress, /expected an https address/],
    ['an address with a password', `https://a:${pasted}@b.example`, httpsAddress, /expected an https address/],
    ['no address', pasted, httpsAddress, /expected an https address/],
  ] as const)(
    'that is %s is told by endpoint, place and what is expected, and never by what stands there',
    async (_what, text, schema, message) => {
      hold(typeof text === 'string' ? text : JSON.stringify(text));
      const failing: Promise<unknown> = open().fetch<unknown>(calls(), inSecret, schema, nowMs);
      await expect(failing).rejects.toMatchObject({
        name: 'DependencyError',
        call: 'secretsmanager:GetSecretValue',
        failure: 'bad-answer',
        message: expect.stringMatching(message),
      });
      await expect(failing).rejects.toMatchObject({
        message: expect.stringContaining('the secret mskeeper/pagerduty of endpoint on-call is not right: '),
      });
      const said = await failing.catch((error: unknown) =>
        error instanceof Error ? `${error.stack} ${error.cause}` : '',
      );
      expect(said).not.toContain(pasted);
    },
  );

  test('that cannot be read names the call and why', async () => {
    server.answerWith(() => errorAnswer(400, 'AccessDeniedException', 'not authorized'));
    await expect(open().fetch(calls(), inParameter, httpsAddress, nowMs)).rejects.toMatchObject({
      call: 'ssm:GetParameter',
      failure: 'denied',
    });
  });

  test('is read once in five minutes, and anew where it was forgotten or was none', async () => {
    const secrets = open();
    const scope = calls();
    const fetchAt = (atMs: number) => secrets.fetch(scope, inSecret, slackSecret, atMs);
    hold('not yet');
    await expect(fetchAt(nowMs)).rejects.toThrow(/is not right/);
    hold(JSON.stringify({ botToken }));
    expect(await fetchAt(nowMs)).toEqual({ value: { botToken }, isKept: false });
    expect(await fetchAt(nowMs + 299_999)).toEqual({ value: { botToken }, isKept: true });
    expect(await fetchAt(nowMs + 300_000)).toEqual({ value: { botToken }, isKept: false });
    secrets.forget(inSecret);
    expect(await fetchAt(nowMs + 300_001)).toMatchObject({ isKept: false });
    expect(scope.requestCountByCall()).toEqual({ 'secretsmanager:GetSecretValue': 4 });
  });

  test('is read once for all who ask at the same time, and fails for all of them, once', async () => {
    const secrets = open();
    const scope = calls();
    const fetchAll = () => Promise.allSettled([1, 2, 3].map(() => secrets.fetch(scope, inSecret, slackSecret, nowMs)));
    server.answerWith(() => errorAnswer(400, 'AccessDeniedException', 'not authorized'));
    expect((await fetchAll()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(server.requests).toHaveLength(1);
    hold(JSON.stringify({ botToken }));
    const read = { status: 'fulfilled', value: { value: { botToken }, isKept: false } };
    expect(await fetchAll()).toEqual([read, read, read]);
    expect(server.requests).toHaveLength(1);
  });

  test('is read by a run of its own where another, which is over, still waits for it', async () => {
    const secrets = open();
    const over = new AbortController();
    hold(JSON.stringify({ botToken }));
    const waiting = secrets.fetch(openCallScope(over.signal), inSecret, slackSecret, nowMs);
    const fetched = secrets.fetch(calls(), inSecret, slackSecret, nowMs);
    over.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'DependencyError' });
    expect(await fetched).toMatchObject({ value: { botToken } });
    expect(await secrets.fetch(calls(), inSecret, slackSecret, nowMs)).toMatchObject({ isKept: true });
  });
});

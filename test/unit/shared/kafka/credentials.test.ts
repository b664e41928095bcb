import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { fetchSecret } from '../../../../shared/aws/secrets.ts';
import { fetchAuthentication } from '../../../../shared/kafka/credentials.ts';
import { cachedIamToken, signIamToken } from '../../../../shared/kafka/iam-token.ts';
import { keptFor } from '../../../../shared/kafka/kept-for.ts';
import { transportSecurity } from '../../../../shared/kafka/wire/authentication.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';

describe('an IAM token, judged by its published shape only, since no broker here can', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example-secret-key');
    vi.stubEnv('AWS_SESSION_TOKEN', 'example-session-token');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('is a presigned kafka-cluster:Connect URL of the Region in base64url, good for 900 s at most', async () => {
    const nowMs = Date.now();
    const { token, expiryTime } = await signIamToken('eu-west-1');
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    const url = new URL(Buffer.from(token, 'base64url').toString('utf8'));
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe('https://kafka.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/),
      'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Security-Token': 'example-session-token',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'User-Agent': expect.stringContaining('aws-msk-iam-sasl-signer-js'),
    });
    expect(expiryTime).toBeGreaterThan(nowMs + 890_000);
    expect(expiryTime).toBeLessThanOrEqual(nowMs + 901_000);
    expect(token).not.toContain(Buffer.from('example-secret-key').toString('base64url'));
  });

  test('is given to kafkajs as OAUTHBEARER inside TLS', async () => {
    const { ssl, sasl } = transportSecurity({ kind: 'iam', fetchToken: async () => 'signed' });
    expect(ssl).toEqual({});
    const { mechanism, oauthBearerProvider } = z
      .object({ mechanism: z.string(), oauthBearerProvider: z.custom<() => Promise<object>>() })
      .parse(sasl);
    expect(mechanism).toBe('oauthbearer');
    await expect(oauthBearerProvider()).resolves.toEqual({ value: 'signed' });
  });
});

describe('the token is kept', () => {
  const signer = () => {
    const state = { nowMs: 0, signings: 0 };
    const sign = async () => {
      state.signings += 1;
      return { token: `token ${state.signings}`, expiryTime: state.nowMs + 900_000 };
    };
    return { state, fetchToken: cachedIamToken('eu-west-1', sign, () => state.nowMs) };
  };

  test('until a minute before its end', async () => {
    const { state, fetchToken } = signer();
    await expect(fetchToken()).resolves.toBe('token 1');
    state.nowMs = 839_999;
    await expect(fetchToken()).resolves.toBe('token 1');
    state.nowMs = 840_000;
    await expect(fetchToken()).resolves.toBe('token 2');
  });

  test('for connections that ask at the same time', async () => {
    const { state, fetchToken } = signer();
    await Promise.all([fetchToken(), fetchToken(), fetchToken()]);
    expect(state.signings).toBe(1);
  });

  test('but a failed signing is not, and is named', async () => {
    let attempts = 0;
    const fetchToken = cachedIamToken('eu-west-1', async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('no credentials');
      return { token: 'good', expiryTime: Date.now() + 900_000 };
    });
    await expect(fetchToken()).rejects.toMatchObject({ name: 'DependencyError', failure: 'authentication-failed' });
    await expect(fetchToken()).resolves.toBe('good');
  });
});

describe('secrets', () => {
  const secretOf = (answer: { SecretString?: string } | Error) => {
    const client = new SecretsManagerClient({ region: 'eu-west-1' });
    vi.spyOn(client, 'send').mockImplementation(async (command: unknown) => {
      expect(command).toBeInstanceOf(GetSecretValueCommand);
      if (answer instanceof Error) throw answer;
      return { $metadata: {}, ...answer };
    });
    const calls = openCallScope(new AbortController().signal);
    return <Secret>(secretId: string, schema: z.ZodType<Secret>) => fetchSecret(client, calls, secretId, schema);
  };

  test('give what SCRAM and mTLS need', async () => {
    const scram = secretOf({ SecretString: JSON.stringify({ username: 'reader', password: 'pass' }) });
    await expect(fetchAuthentication({ kind: 'scram', secretId: 's' }, 'eu-west-1', scram)).resolves.toEqual({
      kind: 'scram',
      username: 'reader',
      password: 'pass',
    });
    const mtls = secretOf({ SecretString: JSON.stringify({ certificate: 'c', key: 'k', ca: 'a', passphrase: 'p' }) });
    await expect(fetchAuthentication({ kind: 'mtls', secretId: 's' }, 'eu-west-1', mtls)).resolves.toEqual({
      kind: 'mtls',
      certificate: 'c',
      key: 'k',
      passphrase: 'p',
      certificateAuthority: 'a',
    });
  });

  test('are not read where none is needed', async () => {
    const none = () => Promise.reject(new Error('not to be called'));
    for (const kind of ['plaintext', 'tls', 'iam'] as const) {
      await expect(fetchAuthentication({ kind }, 'eu-west-1', none)).resolves.toMatchObject({ kind });
    }
  });

  test.each<readonly [string, { SecretString?: string }]>([
    ['is no JSON', { SecretString: 'username=reader password=hunter2' }],
    ['lacks the password', { SecretString: JSON.stringify({ username: 'hunter2' }) }],
    ['has an empty password', { SecretString: JSON.stringify({ username: 'hunter2', password: '' }) }],
    ['is binary', {}],
  ])('one that %s is a bad answer, and not quoted', async (_name, answer) => {
    const failure = fetchAuthentication({ kind: 'scram', secretId: 'the-secret' }, 'eu-west-1', secretOf(answer));
    await expect(failure).rejects.toMatchObject({
      failure: 'bad-answer',
      message: expect.stringContaining('the-secret'),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
  });

  test('one that is denied is named so', async () => {
    const denied = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    const failure = fetchAuthentication({ kind: 'scram', secretId: 's' }, 'eu-west-1', secretOf(denied));
    await expect(failure).rejects.toMatchObject({ name: 'DependencyError', failure: 'denied' });
  });
});

test('what is kept is fetched anew after its time, after a failure, and when forgotten', async () => {
  let nowMs = 0;
  let fetched = 0;
  const kept = keptFor(
    1_000,
    async (input: string) => {
      fetched += 1;
      if (fetched === 3) throw new Error('down');
      return `${input} ${fetched}`;
    },
    () => nowMs,
  );
  await expect(kept.fetch('a')).resolves.toBe('a 1');
  nowMs = 999;
  await expect(kept.fetch('b')).resolves.toBe('a 1');
  nowMs = 1_000;
  await expect(kept.fetch('c')).resolves.toBe('c 2');
  kept.forget();
  await expect(kept.fetch('d')).rejects.toThrow('down');
  await expect(kept.fetch('e')).resolves.toBe('e 4');
});

import { describe, expect, test } from 'vitest';
import { type ChannelSecrets, type SecretPlace, slackSecret } from '../../../../../shared/aws/channel-secrets.ts';
import type { Tried } from '../../../../../shared/core/delivery.ts';
import { ConfigError, DependencyError } from '../../../../../shared/core/errors.ts';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { sendWithSecret } from '../../../../../shared/telling/sending/with-secret.ts';

const place: SecretPlace = { endpoint: 'incidents', secret: 'mskeeper/slack' };
const calls = openCallScope(new AbortController().signal);
const [old, renewed] = ['xoxb-old-token', 'xoxb-new-token'];

/** Keeps what it told until it is forgotten; what stands there may have changed meanwhile. */
function secretsOf(kept: string | undefined, there: () => string): ChannelSecrets {
  let memory = kept;
  return {
    fetch: async (_calls, _place, schema) => {
      const isKept = memory !== undefined;
      memory ??= there();
      return { value: schema.parse({ botToken: memory }), isKept };
    },
    forget: () => {
      memory = undefined;
    },
  };
}

const refused: Tried = { result: 'refused', why: 'token_revoked' };
const sendBy = async (secrets: ChannelSecrets, taken: readonly string[], otherwise: Tried = refused) => {
  const used: string[] = [];
  const tried = await sendWithSecret({ secrets, calls, nowMs: 0 }, place, slackSecret, async ({ botToken }) => {
    used.push(botToken);
    return taken.includes(botToken) ? ({ result: 'delivered' } as const) : otherwise;
  });
  return { tried, used };
};

describe('a message that is refused by a secret', () => {
  test('which was kept, and was renewed since, goes out by the new one', async () => {
    const { tried, used } = await sendBy(
      secretsOf(old, () => renewed),
      [renewed],
    );
    expect(tried).toEqual({ result: 'delivered' });
    expect(used).toEqual([old, renewed]);
  });

  test.each([
    ['was kept, and is still the same', old],
    ['was read just now', undefined],
  ])('which %s is refused', async (_what, kept) => {
    const { tried, used } = await sendBy(
      secretsOf(kept, () => old),
      [],
    );
    expect(tried).toEqual(refused);
    expect(used).toEqual([old]);
  });

  test('is tried no third time', async () => {
    const { tried, used } = await sendBy(
      secretsOf(old, () => renewed),
      [],
    );
    expect(tried).toEqual(refused);
    expect(used).toEqual([old, renewed]);
  });
});

test.each([
  { result: 'failed', why: 'later' },
  { result: 'unknown', why: 'cut' },
] satisfies readonly Tried[])('what is not refused has nothing to do with its secret: $result', async (otherwise) => {
  const { tried, used } = await sendBy(
    secretsOf(old, () => renewed),
    [],
    otherwise,
  );
  expect(tried).toEqual(otherwise);
  expect(used).toEqual([old]);
});

test('a secret that cannot be read is a failure, before and between: it may be mended', async () => {
  const denied = () => {
    throw new DependencyError('secretsmanager:GetSecretValue', 'denied', 'denied: no');
  };
  const failed = { result: 'failed', why: 'secretsmanager:GetSecretValue: denied: no' };
  expect((await sendBy(secretsOf(undefined, denied), [old])).tried).toEqual(failed);
  expect((await sendBy(secretsOf(old, denied), [])).tried).toEqual(failed);
  const mistake = () => {
    throw new ConfigError('x');
  };
  await expect(sendBy(secretsOf(undefined, mistake), [])).rejects.toThrow(ConfigError);
});

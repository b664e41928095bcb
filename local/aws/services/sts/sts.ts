import { createHash } from 'node:crypto';
import * as StsClient from '@aws-sdk/client-sts';
import { AwsError, type Call } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

type AssumeRoleInput = {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
};

const idOf = (prefix: string, arn: string): string =>
  `${prefix}${createHash('sha256').update(arn).digest('hex').toUpperCase().slice(0, 17)}`;

const quarterMs = 15 * 60_000;
const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');

/**
 * Adds STS to the world: who am I, for whoever signs within 15 minutes, and the sessions of roles for whom their trust
 * policies name. Functions sign by the world's clock and a command's first call by the machine's, so either will do. The quarter
 * of an hour is the machine's, however fast the world's clock runs: what a process does takes as long as it takes.
 * Source: STS API Reference, GetCallerIdentity, which needs no permission, and AssumeRole.
 */
export function createSts(world: AwsWorld): void {
  const requireFresh = (signedAtMs: number): void => {
    const nowMs = world.clock.nowMs();
    const isFresh = Math.abs(nowMs - signedAtMs) <= quarterMs * (world.clock.rate ?? 1);
    if (isFresh || Math.abs(Date.now() - signedAtMs) <= quarterMs) return;
    const [signed, now, bound] = [signedAtMs, nowMs, nowMs - quarterMs].map(stamp);
    const message =
      signedAtMs < nowMs
        ? `Signature expired: ${signed} is now earlier than ${bound} (${now} - 15 min.)`
        : `Signature not yet current: ${signed} is still later than ${stamp(nowMs + quarterMs)} (${now} + 15 min.)`;
    throw new AwsError('SignatureDoesNotMatch', 403, message);
  };
  world.addService({
    signingName: 'sts',
    protocol: 'query',
    clientModule: StsClient,
    operations: {
      GetCallerIdentity: {
        authorize: () => [],
        run: (_input: unknown, { caller, accountId, signedAtMs }: Call) => {
          requireFresh(signedAtMs);
          const { principalArn: Arn, roleName } = caller;
          const session = Arn.slice(Arn.lastIndexOf('/') + 1);
          const UserId = roleName === undefined ? idOf('AIDA', Arn) : `${idOf('AROA', Arn)}:${session}`;
          return { Account: accountId, Arn, UserId };
        },
      },
      AssumeRole: {
        authorize: () => [],
        run: ({ RoleArn, RoleSessionName, DurationSeconds = 3_600 }: AssumeRoleInput, { caller }: Call) => {
          if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName))
            throw new AwsError('ValidationError', 400, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
          world.authorizeTaking(RoleArn, caller);
          const { accessKeyId, secretAccessKey, sessionToken } = world.identities.assumeRole(RoleArn, RoleSessionName);
          const { principalArn } = world.identities.keyOf(accessKeyId).caller;
          return {
            Credentials: {
              AccessKeyId: accessKeyId,
              SecretAccessKey: secretAccessKey,
              SessionToken: sessionToken,
              Expiration: new Date(world.clock.nowMs() + DurationSeconds * 1_000),
            },
            AssumedRoleUser: { Arn: principalArn, AssumedRoleId: `${idOf('AROA', RoleArn)}:${RoleSessionName}` },
          };
        },
      },
    },
  });
}

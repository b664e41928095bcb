import { createHash, randomUUID } from 'node:crypto';
import * as SecretsClient from '@aws-sdk/client-secrets-manager';
import { AwsError, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Secrets Manager, filled by the local world with the credentials of its own brokers. */
export type SecretsManager = {
  /** Gives the secret's ARN, which ends in a hyphen and six characters as on AWS. */
  put(name: string, secret: string): string;
  /** Deleted in 30 days, as DeleteSecret leaves it: described still, and not to be read. */
  scheduleDeletion(name: string): void;
};

type Secret = {
  readonly name: string;
  readonly arn: string;
  readonly text: string;
  readonly versionId: string;
  readonly createdMs: number;
  deletedMs: number | undefined;
};

type BySecret = { SecretId: string };

/** The usual waiting time before a secret is gone. */
const recoveryMs = 30 * 24 * 3_600_000;

/** Adds Secrets Manager to the world. */
export function createSecretsManager(world: AwsWorld): SecretsManager {
  const secrets = new Map<string, Secret>();
  const find = (id: string): Secret | undefined => {
    // A partial ARN, without the random suffix, finds its secret too.
    return secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id || arn.replace(/-\w{6}$/, '') === id);
  };
  const onSecret = (operation: string, describe: (secret: Secret) => unknown): OperationHandler<BySecret> => ({
    authorize: ({ SecretId }) => {
      const unknown = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${SecretId}`;
      const resource = find(SecretId)?.arn ?? (SecretId.startsWith('arn:') ? SecretId : unknown);
      return [{ action: `secretsmanager:${operation}`, resource }];
    },
    run: ({ SecretId }) => {
      const secret = find(SecretId);
      if (secret) return describe(secret);
      throw new AwsError('ResourceNotFoundException', 400, "Secrets Manager can't find the specified secret.");
    },
  });
  world.addService({
    signingName: 'secretsmanager',
    protocol: 'aws-json-1.1',
    clientModule: SecretsClient,
    operations: {
      GetSecretValue: onSecret('GetSecretValue', (secret) => {
        if (secret.deletedMs !== undefined)
          throw new AwsError(
            'InvalidRequestException',
            400,
            "You can't perform this operation on the secret because it was marked for deletion.",
          );
        return {
          ARN: secret.arn,
          Name: secret.name,
          SecretString: secret.text,
          VersionId: secret.versionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: new Date(secret.createdMs),
        };
      }),
      DescribeSecret: onSecret('DescribeSecret', (secret) => ({
        ARN: secret.arn,
        Name: secret.name,
        CreatedDate: new Date(secret.createdMs),
        VersionIdsToStages: { [secret.versionId]: ['AWSCURRENT'] },
        ...(secret.deletedMs !== undefined && { DeletedDate: new Date(secret.deletedMs + recoveryMs) }),
      })),
    },
  });
  return {
    put(name, text) {
      const suffix = createHash('sha256').update(name).digest('base64url').replace(/[-_]/g, 'x').slice(0, 6);
      const arn = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${name}-${suffix}`;
      secrets.set(name, {
        name,
        arn,
        text,
        versionId: randomUUID(),
        createdMs: world.clock.nowMs(),
        deletedMs: undefined,
      });
      return arn;
    },
    scheduleDeletion(name) {
      const secret = find(name);
      if (!secret) throw new Error(`there is no secret ${name}`);
      secret.deletedMs = world.clock.nowMs();
    },
  };
}

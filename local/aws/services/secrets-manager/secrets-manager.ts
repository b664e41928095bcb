import { createHash, randomUUID } from 'node:crypto';
import * as SecretsClient from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Secrets Manager, filled by the local world with the credentials of its own brokers. */
export type SecretsManager = {
  /** Gives the secret's ARN, which ends in a hyphen and six characters as on AWS. */
  put(name: string, secret: string): string;
};

type Secret = {
  readonly name: string;
  readonly arn: string;
  readonly text: string;
  readonly versionId: string;
  readonly createdMs: number;
};

/** Adds Secrets Manager to the world. */
export function createSecretsManager(world: AwsWorld): SecretsManager {
  const secrets = new Map<string, Secret>();
  const find = (id: string): Secret | undefined => {
    // A partial ARN, without the random suffix, finds its secret too.
    return secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id || arn.replace(/-\w{6}$/, '') === id);
  };
  world.addService({
    signingName: 'secretsmanager',
    protocol: 'aws-json-1.1',
    clientModule: SecretsClient,
    operations: {
      GetSecretValue: {
        authorize: ({ SecretId = '' }: SecretsClient.GetSecretValueCommandInput) => {
          const unknown = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${SecretId}`;
          const resource = find(SecretId)?.arn ?? (SecretId.startsWith('arn:') ? SecretId : unknown);
          return [{ action: 'secretsmanager:GetSecretValue', resource }];
        },
        run: ({ SecretId = '' }: SecretsClient.GetSecretValueCommandInput) => {
          const secret = find(SecretId);
          if (!secret)
            throw new AwsError('ResourceNotFoundException', 400, "Secrets Manager can't find the specified secret.");
          return {
            ARN: secret.arn,
            Name: secret.name,
            SecretString: secret.text,
            VersionId: secret.versionId,
            VersionStages: ['AWSCURRENT'],
            CreatedDate: new Date(secret.createdMs),
          };
        },
      },
    },
  });
  return {
    put(name, text) {
      const suffix = createHash('sha256').update(name).digest('base64url').replace(/[-_]/g, 'x').slice(0, 6);
      const arn = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${name}-${suffix}`;
      secrets.set(name, { name, arn, text, versionId: randomUUID(), createdMs: world.clock.nowMs() });
      return arn;
    },
  };
}

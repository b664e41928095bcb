import { createHash, randomUUID } from 'node:crypto';
import * as SecretsClient from '@aws-sdk/client-secrets-manager';
import { AwsError, type Caller, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Secrets Manager, filled by the local world with the credentials of its own brokers. */
export type SecretsManager = {
  /** Gives the secret's ARN, which ends in a hyphen and six characters as on AWS. @param keyArn of a key of the account's own */
  put(name: string, secret: string, keyArn?: string): string;
  /** Deleted in 30 days, as DeleteSecret leaves it: described still, and not to be read. */
  scheduleDeletion(name: string): void;
};

type Secret = {
  readonly name: string;
  readonly arn: string;
  readonly text: string;
  readonly versionId: string;
  readonly createdMs: number;
  readonly keyArn: string | undefined;
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
  const onSecret = (
    operation: string,
    describe: (secret: Secret, caller: Caller) => unknown,
  ): OperationHandler<BySecret> => ({
    authorize: ({ SecretId }) => {
      const unknown = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${SecretId}`;
      const resource = find(SecretId)?.arn ?? (SecretId.startsWith('arn:') ? SecretId : unknown);
      return [{ action: `secretsmanager:${operation}`, resource }];
    },
    run: ({ SecretId }, { caller }) => {
      const secret = find(SecretId);
      if (secret) return describe(secret, caller);
      throw new AwsError('ResourceNotFoundException', 400, "Secrets Manager can't find the specified secret.");
    },
  });
  /** Secrets Manager asks the key in the caller's name, and says no more than this of a key that does not let him. */
  const decrypt = ({ arn, keyArn }: Secret, caller: Caller): void => {
    if (keyArn === undefined) return;
    const viaService = `secretsmanager.${world.region}.amazonaws.com`;
    const context = { 'kms:ViaService': viaService, 'kms:EncryptionContext:SecretARN': arn };
    try {
      world.authorizeCaller(caller, { action: 'kms:Decrypt', resource: keyArn, context });
    } catch {
      throw new AwsError('AccessDeniedException', 400, 'Access to KMS is not allowed');
    }
  };
  // Source: CloudFormation User Guide, "Secrets Manager secrets": `<id>:SecretString`, and behind it a key of JSON.
  world.addDynamicReference('secretsmanager', (reference) => {
    const [, id = '', key = ''] = /^(.+?):SecretString(?::([^:]*))?(?::[^:]*){0,2}$/.exec(reference) ?? [];
    const secret = find(id);
    if (secret === undefined || secret.deletedMs !== undefined)
      throw new Error(`CloudFormation cannot read the secret of ${reference}`);
    return key === '' ? secret.text : String(Object(JSON.parse(secret.text))[key]);
  });
  world.addService({
    signingName: 'secretsmanager',
    protocol: 'aws-json-1.1',
    clientModule: SecretsClient,
    operations: {
      GetSecretValue: onSecret('GetSecretValue', (secret, caller) => {
        decrypt(secret, caller);
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
    put(name, text, keyArn) {
      const suffix = createHash('sha256').update(name).digest('base64url').replace(/[-_]/g, 'x').slice(0, 6);
      const arn = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${name}-${suffix}`;
      secrets.set(name, {
        name,
        arn,
        text,
        versionId: randomUUID(),
        createdMs: world.clock.nowMs(),
        keyArn,
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

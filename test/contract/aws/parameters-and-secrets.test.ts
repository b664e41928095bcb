import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { createSecretsManager } from '../../../local/aws/services/secrets-manager/secrets-manager.ts';
import { createSsm } from '../../../local/aws/services/ssm/ssm.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const parameters = createSsm(aws.world);
const secrets = createSecretsManager(aws.world);

describe('SSM parameters over AWS JSON 1.1', () => {
  const read = (Name: string, WithDecryption?: boolean) =>
    new SSMClient(aws.client()).send(
      new GetParameterCommand({ Name, ...(WithDecryption !== undefined && { WithDecryption }) }),
    );

  test('gives a parameter of the template, and the newest version after a change', async () => {
    await createResource(aws.world, 'AWS::SSM::Parameter', {
      Name: '/mskeeper/kill-switch',
      Type: 'String',
      Value: 'off',
    });
    expect((await read('/mskeeper/kill-switch')).Parameter).toMatchObject({ Value: 'off', Version: 1 });
    parameters.put('/mskeeper/kill-switch', 'on');
    expect((await read('/mskeeper/kill-switch')).Parameter).toMatchObject({
      Value: 'on',
      Version: 2,
      ARN: 'arn:aws:ssm:eu-west-1:111122223333:parameter/mskeeper/kill-switch',
    });
  });

  test('a secure string is readable only when decrypted', async () => {
    parameters.put('/mskeeper/address', 'team@example.com', 'SecureString');
    expect((await read('/mskeeper/address')).Parameter?.Value).not.toBe('team@example.com');
    expect((await read('/mskeeper/address', true)).Parameter?.Value).toBe('team@example.com');
  });

  test('a missing one is the SDK’s ParameterNotFound', async () => {
    await expect(read('/none')).rejects.toBeInstanceOf(ParameterNotFound);
  });
});

describe('Secrets Manager over AWS JSON 1.1', () => {
  test('gives a secret by name, by ARN and by the ARN without its suffix', async () => {
    const arn = secrets.put('AmazonMSK_orders', '{"username":"keeper","password":"local"}');
    const client = new SecretsManagerClient(aws.client());
    for (const SecretId of ['AmazonMSK_orders', arn, arn.slice(0, -7)]) {
      const secret = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(secret).toMatchObject({ ARN: arn, SecretString: '{"username":"keeper","password":"local"}' });
    }
  });

  test('a missing one is the SDK’s ResourceNotFoundException, another role is denied', async () => {
    const arn = secrets.put('AmazonMSK_orders', '{}');
    const admin = new SecretsManagerClient(aws.client());
    await expect(admin.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    const stranger = new SecretsManagerClient(aws.client(aws.role('stranger')));
    await expect(stranger.send(new GetSecretValueCommand({ SecretId: arn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `is not authorized to perform: secretsmanager:GetSecretValue on resource: ${arn}`,
      ),
    });
  });
});

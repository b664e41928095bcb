import {
  GetRoleCommand,
  IAMClient,
  InvalidInputException,
  NoSuchEntityException,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { ListServiceQuotasCommand, NoSuchResourceException, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { createIamApi } from '../../../local/aws/services/iam-api/iam-api.ts';
import { createServiceQuotas } from '../../../local/aws/services/service-quotas/service-quotas.ts';
import { createSts } from '../../../local/aws/services/sts/sts.ts';
import { serveAws } from '../../support/aws/aws.ts';

const aws = serveAws();
createSts(aws.world);
const iamApi = createIamApi(aws.world);
const quotas = createServiceQuotas(aws.world);
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

describe('STS over the query protocol', () => {
  const whoAmI = (credentials?: Credentials) =>
    new STSClient(aws.client(credentials)).send(new GetCallerIdentityCommand({}));

  test('tells a user and a role’s session by account and ARN', async () => {
    expect(await whoAmI()).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:user/local-admin',
    });
    expect(await whoAmI(aws.role('reader'))).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:sts::111122223333:assumed-role/reader/reader',
      UserId: expect.stringMatching(/^AROA\w+:reader$/),
    });
  });

  test('refuses a key that nobody was given', async () => {
    const stranger = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x', sessionToken: 'x' };
    await expect(whoAmI(stranger)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});

describe('IAM over the query protocol', () => {
  const simulate = (
    name: string,
    input: { ActionNames: string[]; ResourceArns?: string[]; MaxItems?: number; Marker?: string },
    context: Readonly<Record<string, string>> = {},
  ) =>
    new IAMClient(aws.client()).send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: name.startsWith('arn:') ? name : roleArn(name),
        ...input,
        ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
          ContextKeyName,
          ContextKeyType: 'string',
          ContextKeyValues: [value],
        })),
      }),
    );
  aws.role(
    'writer',
    { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::reports/*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::reports/locked/*' },
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
    },
  );

  test('decides each action on each resource, and tells the worst at the top', async () => {
    const { EvaluationResults = [], IsTruncated } = await simulate('writer', {
      ActionNames: ['s3:PutObject', 's3:GetObject'],
      ResourceArns: ['arn:aws:s3:::reports/a', 'arn:aws:s3:::reports/locked/a'],
    });
    expect(IsTruncated).toBe(false);
    expect(
      EvaluationResults.map(({ EvalActionName, EvalDecision, ResourceSpecificResults = [] }) => [
        EvalActionName,
        EvalDecision,
        ...ResourceSpecificResults.map(({ EvalResourceDecision }) => EvalResourceDecision),
      ]),
    ).toEqual([
      ['s3:PutObject', 'explicitDeny', 'allowed', 'explicitDeny'],
      ['s3:GetObject', 'implicitDeny', 'implicitDeny', 'implicitDeny'],
    ]);
  });

  test('a condition holds only with its context', async () => {
    const key = { ActionNames: ['kms:Decrypt'], ResourceArns: ['arn:aws:kms:eu-west-1:111122223333:key/a'] };
    const decisionOf = (answer: Awaited<ReturnType<typeof simulate>>) => answer.EvaluationResults?.[0]?.EvalDecision;
    expect(decisionOf(await simulate('writer', key))).toBe('implicitDeny');
    expect(
      decisionOf(await simulate('writer', key, { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' })),
    ).toBe('allowed');
  });

  test('what the organization stops is no allowance, whatever the role says', async () => {
    iamApi.stopInOrganization(['sqs:*']);
    aws.role('queue-writer', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    const { EvaluationResults } = await simulate('queue-writer', { ActionNames: ['sqs:SendMessage'] });
    expect(EvaluationResults?.[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      EvalResourceName: '*',
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    });
  });

  test('pages by marker', async () => {
    const input = { ActionNames: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], MaxItems: 2 };
    const first = await simulate('writer', input);
    expect([first.EvaluationResults?.length, first.IsTruncated]).toEqual([2, true]);
    const second = await simulate('writer', { ...input, Marker: first.Marker ?? '' });
    expect([second.EvaluationResults?.length, second.IsTruncated]).toEqual([1, false]);
  });

  test('the administrator may do everything; a session, a stranger and half an action are refused', async () => {
    const admin = await simulate('arn:aws:iam::111122223333:user/local-admin', { ActionNames: ['iam:CreateRole'] });
    expect(admin.EvaluationResults?.[0]?.EvalDecision).toBe('allowed');
    const session = 'arn:aws:sts::111122223333:assumed-role/writer/writer';
    for (const principal of [session, roleArn('nobody')])
      await expect(simulate(principal, { ActionNames: ['s3:PutObject'] })).rejects.toBeInstanceOf(
        NoSuchEntityException,
      );
    await expect(simulate('writer', { ActionNames: ['PutObject'] })).rejects.toBeInstanceOf(InvalidInputException);
  });

  test('GetRole gives the role’s ARN, and is itself a permission', async () => {
    const admin = new IAMClient(aws.client());
    const { Role } = await admin.send(new GetRoleCommand({ RoleName: 'writer' }));
    expect(Role).toMatchObject({ Arn: roleArn('writer'), RoleName: 'writer', CreateDate: expect.any(Date) });
    await expect(admin.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toBeInstanceOf(NoSuchEntityException);
    const stranger = new IAMClient(aws.client(aws.role('stranger')));
    await expect(stranger.send(new GetRoleCommand({ RoleName: 'writer' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`iam:GetRole on resource: ${roleArn('writer')}`),
    });
  });
});

describe('Service Quotas over AWS JSON 1.1', () => {
  const list = (ServiceCode: string, MaxResults?: number, NextToken?: string) =>
    new ServiceQuotasClient(aws.client()).send(new ListServiceQuotasCommand({ ServiceCode, MaxResults, NextToken }));

  test('lists what the account has, page by page, and what was set', async () => {
    quotas.set('lambda', 'Concurrent executions', 10);
    const first = await list('lambda', 1);
    expect(first.Quotas).toEqual([expect.objectContaining({ QuotaName: 'Concurrent executions', Value: 10 })]);
    const second = await list('lambda', 1, first.NextToken);
    expect(second.Quotas).toEqual([expect.objectContaining({ QuotaName: 'Function and layer storage', Value: 75 })]);
    expect(second.NextToken).toBeUndefined();
  });

  test('a service that it does not know is the SDK’s NoSuchResourceException', async () => {
    await expect(list('nothing')).rejects.toBeInstanceOf(NoSuchResourceException);
  });
});

import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { createSts } from '../../../local/aws/services/sts/sts.ts';
import { proofBody, proofHeaders } from '../../../shared/aws/caller-proof.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';

const aws = serveAws(Date.now());
createSts(aws.world);
const { identities } = aws.world;
const [alice, bob] = ['alice', 'bob'].map((name) => identities.addUser(name)) as [Credentials, Credentials];
const arnOf = (name: string) => `arn:aws:iam::${ACCOUNT_ID}:user/${name}`;
const stsOf = (credentials?: Credentials) => new STSClient(aws.client(credentials));

describe('AssumeRole', () => {
  const addRole = (name: string, ...statements: readonly object[]) =>
    identities.addRole({
      name,
      policies: [],
      trust: parseTrustPolicy({ Statement: statements.map((one) => ({ Action: 'sts:AssumeRole', ...one })) }),
    });
  const trusts = (effect: 'Allow' | 'Deny', ...users: readonly string[]) => ({
    Effect: effect,
    Principal: { AWS: users },
  });
  const take = (RoleArn: string, credentials: Credentials, RoleSessionName = 'here') =>
    stsOf(credentials).send(new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: 900 }));

  test('gives whom the trust policy names a session of the role, by credentials of its own', async () => {
    const { arn } = addRole('approver', trusts('Allow', arnOf('alice')));
    const { Credentials: given, AssumedRoleUser: user } = await take(arn, alice, 'alice@example.com');
    const sessionArn = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/approver/alice@example.com`;
    expect(user?.Arn).toBe(sessionArn);
    expect(given?.Expiration?.getTime()).toBe(aws.clock.nowMs() + 15 * minuteMs);
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken = '',
    } = {
      ...given,
    };
    const session = stsOf({ accessKeyId, secretAccessKey, sessionToken });
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: sessionArn,
      Account: ACCOUNT_ID,
    });
  });

  test.each<[string, readonly object[]]>([
    ['names somebody else', [trusts('Allow', arnOf('bob'))]],
    ['names somebody whose name begins alike', [trusts('Allow', arnOf('alice2'), arnOf('ali'))]],
    ['names the same of another account', [trusts('Allow', 'arn:aws:iam::444455556666:user/alice')]],
    ['names a service', [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }]],
    ['denies as well as allows', [trusts('Allow', arnOf('alice')), trusts('Deny', arnOf('alice'))]],
    ['says nothing', []],
  ])('is denied where the trust policy %s', async (name, statements) => {
    const { arn } = addRole(`role-${name.replaceAll(' ', '-')}`, ...statements);
    await expect(take(arn, alice)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  });

  test('is denied of a role that is not there, of another account’s that is called alike, and of the session’s own', async () => {
    const { arn } = addRole('taken', trusts('Allow', arnOf('alice')));
    for (const other of [`${arn}2`, arn.replace(ACCOUNT_ID, '444455556666'), arn.replace(':role/', ':role/path/')]) {
      await expect(take(other, alice)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
    }
    const session = identities.assumeRole('taken', 'alice');
    await expect(take(arn, session)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  });

  test.each(['a', 'a b', 'a'.repeat(65), 'ä-ö', 'a/b'])('takes no session name %j', async (name) => {
    const { arn } = addRole('named', trusts('Allow', arnOf('alice')));
    await expect(take(arn, alice, name)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('GetCallerIdentity, signed by hand', () => {
  const digest = 'ab'.repeat(32);
  type Sent = {
    readonly path: string;
    readonly method: string;
    readonly body: string;
    readonly headers: Record<string, string>;
  };
  const signed = async (atMs = Date.now(), credentials = alice): Promise<Sent> => {
    const { endpoint } = aws.client();
    const { host, hostname, port } = new URL(endpoint);
    const client = stsOf(credentials);
    const signer = await client.config.signer({
      name: 'sigv4',
      signingName: 'sts',
      signingRegion: REGION,
      properties: {},
    });
    const request = { method: 'POST', protocol: 'http:', hostname, port: Number(port), path: '/', body: proofBody };
    const { headers } = await signer.sign(new HttpRequest({ ...request, headers: { host, ...proofHeaders(digest) } }), {
      signingDate: new Date(atMs),
    });
    return { path: '/', method: 'POST', body: proofBody, headers };
  };
  const send = async ({ path, method, body, headers: { host: _host, ...headers } }: Sent) => {
    const answer = await fetch(new URL(path, aws.client().endpoint), { method, body, headers });
    return { status: answer.status, text: await answer.text() };
  };

  test('answers who signed', async () => {
    const { status, text } = await send(await signed());
    expect(status).toBe(200);
    expect(text).toContain(`<Arn>${arnOf('alice')}</Arn>`);
  });

  test.each<[string, (sent: Sent) => Sent]>([
    ['another digest', (sent) => withHeaders(sent, { 'x-mskeeper-digest': 'cd'.repeat(32) })],
    ['another body', (sent) => ({ ...sent, body: `${proofBody}&X=1` })],
    [
      'another body with its hash',
      (sent) => ({ ...withHeaders(sent, { 'x-amz-content-sha256': '0'.repeat(64) }), body: `${proofBody}&X=1` }),
    ],
    ['another path', (sent) => ({ ...sent, path: '/x' })],
    ['a query', (sent) => ({ ...sent, path: '/?a=b' })],
    ['another method', (sent) => ({ ...sent, method: 'PUT' })],
    ['another content type', (sent) => withHeaders(sent, { 'content-type': 'application/x-www-form-urlencoded' })],
    ['another time', (sent) => withHeaders(sent, { 'x-amz-date': '20200101T000000Z' })],
    ['another person’s token', (sent) => withHeaders(sent, { 'x-amz-security-token': bob.sessionToken })],
    ['another person’s key', (sent) => rewritten(sent, alice.accessKeyId, bob.accessKeyId)],
    ['a key that nobody has', (sent) => rewritten(sent, alice.accessKeyId, 'ASIAAAAAAAAAAAAAAAAA')],
    ['fewer signed headers', (sent) => rewritten(sent, 'x-mskeeper-digest', 'x-amz-date')],
    ['another signature', (sent) => rewritten(sent, /Signature=.*/, `Signature=${'0'.repeat(64)}`)],
    ['no signature', (sent) => withHeaders(sent, { authorization: '' })],
  ])('refuses the same with %s', async (_name, change) => {
    const { status, text } = await send(change(await signed()));
    expect(status, text).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('<Arn>');
  });
  const withHeaders = (sent: Sent, headers: Record<string, string>): Sent => ({
    ...sent,
    headers: { ...sent.headers, ...headers },
  });
  const rewritten = (sent: Sent, from: string | RegExp, to: string): Sent =>
    withHeaders(sent, { authorization: (sent.headers.authorization ?? '').replace(from, to) });

  test.each([
    [-15.2, 'Signature expired'],
    [15.2, 'Signature not yet current'],
    [-60 * 24, 'Signature expired'],
  ])('refuses one of %d minutes from now, as AWS words it', async (minutes, words) => {
    const { status, text } = await send(await signed(Date.now() + minutes * minuteMs));
    expect(status).toBe(403);
    expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect(text).toContain(words);
  });

  test.each([-14.8, 14.8])('takes one of %d minutes from now', async (minutes) => {
    expect(await send(await signed(Date.now() + minutes * minuteMs))).toMatchObject({ status: 200 });
  });
});

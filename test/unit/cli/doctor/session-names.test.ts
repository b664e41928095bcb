import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateSessionNames, isNameBound } from '../../../../cli/doctor/session-names.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { ask } from '../../../../shared/core/known.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { cases } from '../../../support/depth.ts';

/** A variable of IAM's policies. */
const variable = (name: string) => `\${${name}}`;
const people = { AWS: 'arn:aws:iam::111122223333:root' };
const named = (value: unknown, operator = 'StringEquals') => ({ [operator]: { 'sts:RoleSessionName': value } });
const allow = (more: object = {}) => ({ Effect: 'Allow', Principal: people, Action: 'sts:AssumeRole', ...more });
const policy = (...statements: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const bound = allow({ Condition: named(variable('aws:username')) });

describe('a trust policy binds the session’s name', () => {
  test.each<[string, string]>([
    ['to the user’s name', policy(bound)],
    ['the same, not in a list', JSON.stringify({ Statement: bound })],
    ['to a tag of the taker', policy(allow({ Condition: named([variable('aws:PrincipalTag/login')], 'StringLike') }))],
    [
      'in other letters',
      policy(allow({ Condition: { StringEquals: { 'STS:rolesessionname': [variable('aws:username')] } } })),
    ],
    ['to one name for all', policy(allow({ Condition: named('on-call') }))],
    [
      'by a denial of every other one',
      policy(allow(), {
        ...bound,
        Effect: 'Deny',
        Principal: '*',
        Condition: named(variable('aws:username'), 'StringNotEquals'),
      }),
    ],
    [
      'by the directory’s word',
      policy(
        allow({
          Principal: { Federated: 'arn:aws:iam::1:saml-provider/AWSSSO' },
          Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        }),
      ),
    ],
    ['by a service', policy(allow({ Principal: { Service: 'ec2.amazonaws.com' } }))],
    ['where nobody may take it', policy()],
    [
      'of a web identity, to its subject',
      policy(allow({ Action: 'sts:AssumeRoleWithWebIdentity', Condition: named(variable('token.example:sub')) })),
    ],
  ])('%s', (_how, text) => {
    expect(isNameBound(text)).toBe(true);
  });

  test.each<[string, string]>([
    ['says nothing of it', policy(allow())],
    ['lets any name', policy(allow({ Condition: named('*', 'StringLike') }))],
    ['lets a beginning', policy(allow({ Condition: named(`${variable('aws:username')}*`, 'StringLike') }))],
    ['lets several names', policy(allow({ Condition: named(['alice', 'bob']) }))],
    ['lets one of its lists be free', policy(allow({ Condition: named([variable('aws:username'), 'bob']) }))],
    ['binds one statement of two', policy(bound, allow())],
    [
      'denies it only where another condition holds',
      policy(allow(), {
        ...bound,
        Effect: 'Deny',
        Principal: '*',
        Condition: {
          ...named(variable('aws:username'), 'StringNotEquals'),
          Bool: { 'aws:MultiFactorAuthPresent': 'false' },
        },
      }),
    ],
    [
      'denies it to one user alone',
      policy(allow(), { ...bound, Effect: 'Deny', Condition: named(variable('aws:username'), 'StringNotEquals') }),
    ],
    ['forbids a name', policy(allow({ Condition: named('root', 'StringNotEquals') }))],
    [
      'binds another key',
      policy(allow({ Condition: { StringEquals: { 'sts:ExternalId': variable('aws:username') } } })),
    ],
    ['takes what the taker says of himself', policy(allow({ Condition: named(variable('aws:RequestTag/name')) }))],
    ['is wide', policy(allow({ Action: 'sts:*' }))],
    ['leaves out other actions', policy({ Effect: 'Allow', Principal: people, NotAction: 'sts:TagSession' })],
    ['is of a web identity', policy(allow({ Action: 'sts:AssumeRoleWithWebIdentity' }))],
    ['is of people and a service', policy(allow({ Principal: { ...people, Service: 'ec2.amazonaws.com' } }))],
  ])('and not one that %s', (_how, text) => {
    expect(isNameBound(text)).toBe(false);
  });

  test('what cannot be read is unknown, and one open statement is never hidden by others', () => {
    for (const text of ['', '{}', 'null', policy(bound, { Effect: 'Maybe' }), policy(bound, 7)]) {
      expect(isNameBound(text)).toBeUndefined();
    }
    const others = fc.array(
      fc.oneof(
        fc.constant(bound),
        fc.constant({ ...bound, Effect: 'Deny' }),
        fc.constant(allow({ Action: 'sts:TagSession' })),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(others, others, (before, after) => {
        expect(isNameBound(policy(...before, ...after))).toBe(true);
        expect(isNameBound(policy(...before, allow({ Action: ['sts:TagSession', 'STS:Assume*'] }), ...after))).toBe(
          false,
        );
      }),
      cases(100, 5_000),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect([true, false, undefined]).toContain(isNameBound(text));
      }),
      cases(100, 5_000),
    );
  });
});

describe('the doctor says of each role whose people may approve', () => {
  const roleArn = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;
  const own = roleArn('on-call');
  const settings = (isRequired: boolean) => `approvals: { storage-scaling: { isRequired: ${isRequired} } }
approverPrincipals: [${own}, arn:aws:iam::111122223333:user/ada, ${roleArn('far', '999988887777')}]
`;
  const contextOf = (isRequired: boolean) => {
    const { configuration, mistakes } = judge(smallFile({}, settings(isRequired)));
    if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
    return stackContextOf(configuration, 'orders');
  };
  const told = async (fetch: () => Promise<string | undefined>) =>
    evaluateSessionNames(contextOf(true), { [own]: await ask(fetch) }).map(
      ({ status, subject }) => `${status} ${subject}`,
    );

  test.each<[string, () => Promise<string | undefined>]>([
    ['ok', async () => policy(bound)],
    ['warning', async () => policy(allow())],
    ['unknown', async () => 'no policy'],
    ['failed', async () => undefined],
    [
      'unknown',
      async () => {
        throw new DependencyError('iam:GetRole', 'denied', 'denied: AccessDenied');
      },
    ],
  ])('%s', async (status, fetch) => {
    expect(await told(fetch)).toEqual([`${status} role ${own}`, `skipped role ${roleArn('far', '999988887777')}`]);
  });

  test('and nothing where nobody is asked', () => {
    expect(evaluateSessionNames(contextOf(false), {})).toEqual([]);
  });
});

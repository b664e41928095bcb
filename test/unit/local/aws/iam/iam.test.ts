import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denialMessage, evaluateAccess, type Principal } from '../../../../../local/aws/iam/evaluate.ts';
import { parsePolicy } from '../../../../../local/aws/iam/policy.ts';
import { matchesArn, matchesWildcard } from '../../../../../local/aws/iam/wildcard.ts';

const role: Principal = {
  kind: 'role',
  roleArn: 'arn:aws:iam::111122223333:role/watch',
  sessionArn: 'arn:aws:sts::111122223333:assumed-role/watch/watch',
};
const service: Principal = { kind: 'service', service: 'events.amazonaws.com' };
const object = 'arn:aws:s3:::reports/a/b.json';
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' };

type Options = {
  principal?: Principal;
  identity?: object[];
  resource?: object[];
  action?: string;
  on?: string;
  context?: Record<string, string>;
};
const decide = ({
  principal = role,
  identity = [],
  resource = [],
  action = 's3:GetObject',
  on = object,
  context = {},
}: Options) =>
  evaluateAccess({
    principal,
    action,
    resource: on,
    context,
    identityPolicies: [parsePolicy({ Statement: identity })],
    resourcePolicies: [parsePolicy({ Statement: resource })],
  });
const isAllowed = (options: Options) => decide(options).allowed;

describe('policy evaluation', () => {
  test.each<[string, Options, boolean]>([
    ['nothing is allowed without a statement', {}, false],
    ['an allow on the resource', { identity: [allow] }, true],
    ['another resource', { identity: [allow], on: 'arn:aws:s3:::other/a' }, false],
    ['another action', { identity: [allow], action: 's3:PutObject' }, false],
    ['an action with a wildcard, in another case', { identity: [{ ...allow, Action: ['S3:get*'] }] }, true],
    ['an explicit deny wins over an allow', { identity: [allow, { ...allow, Effect: 'Deny' }] }, false],
    [
      'a deny of something else changes nothing',
      { identity: [allow, { Effect: 'Deny', Action: 's3:Put*', Resource: '*' }] },
      true,
    ],
    [
      'NotAction leaves the named one out',
      { identity: [{ Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' }] },
      false,
    ],
    [
      'NotResource leaves the named one out',
      { identity: [{ Effect: 'Allow', Action: '*', NotResource: object }] },
      false,
    ],
    [
      'an action without a resource needs *',
      {
        identity: [{ Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' }],
        action: 'cloudwatch:GetMetricData',
        on: '*',
      },
      true,
    ],
    ['a resource policy that names the role', { resource: [{ ...allow, Principal: { AWS: role.roleArn } }] }, true],
    [
      'a resource policy that names another role',
      { resource: [{ ...allow, Principal: { AWS: `${role.roleArn}-2` } }] },
      false,
    ],
    [
      'the account’s root alone hands the choice to the role’s policies',
      { resource: [{ ...allow, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }] },
      false,
    ],
    [
      'a deny of the account covers its roles',
      { identity: [allow], resource: [{ ...allow, Effect: 'Deny', Principal: { AWS: '111122223333' } }] },
      false,
    ],
    [
      'a resource policy’s deny wins over the role’s allow',
      { identity: [allow], resource: [{ ...allow, Effect: 'Deny', Principal: '*' }] },
      false,
    ],
    [
      'a service that the resource names',
      { principal: service, resource: [{ ...allow, Principal: { Service: 'events.amazonaws.com' } }] },
      true,
    ],
    [
      'a service that the resource does not name',
      { principal: service, resource: [{ ...allow, Principal: { Service: 'sns.amazonaws.com' } }] },
      false,
    ],
    [
      'a service does not use a role’s policy for roles',
      { principal: service, resource: [{ ...allow, Principal: { AWS: '*' } }] },
      false,
    ],
  ])('%s', (_, options, expected) => expect(isAllowed(options)).toBe(expected));

  test.each<[string, object, Record<string, string>, boolean]>([
    [
      'StringEquals one of several',
      { StringEquals: { 'aws:SourceAccount': ['1', '2'] } },
      { 'aws:SourceAccount': '2' },
      true,
    ],
    ['StringEquals of a missing key', { StringEquals: { 'aws:SourceAccount': '1' } }, {}, false],
    [
      'key names without regard to case',
      { StringEquals: { 'AWS:sourceaccount': '1' } },
      { 'aws:SourceAccount': '1' },
      true,
    ],
    ['StringLike', { StringLike: { 's3:prefix': 'state/*' } }, { 's3:prefix': 'state/a' }, true],
    ['StringNotEquals of a missing key', { StringNotEquals: { 'aws:SourceAccount': '1' } }, {}, true],
    ['StringNotLike must differ from all', { StringNotLike: { k: ['a*', 'b*'] } }, { k: 'bc' }, false],
    [
      'ArnLike keeps to its part',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:1:rule/a*' } },
      { 'aws:SourceArn': 'arn:aws:events:eu-west-1:1:rule/ab' },
      true,
    ],
    [
      'ArnLike of another account',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:1:rule/*' } },
      { 'aws:SourceArn': 'arn:aws:events:x:2:rule/a' },
      false,
    ],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    ['Null true of a missing key', { Null: { 'aws:SourceArn': 'true' } }, {}, true],
    ['Null false of a missing key', { Null: { 'aws:SourceArn': 'false' } }, {}, false],
    ['IfExists of a missing key', { StringEqualsIfExists: { k: 'x' } }, {}, true],
    ['all conditions must hold', { StringEquals: { a: '1' }, Bool: { b: 'true' } }, { a: '1', b: 'false' }, false],
  ])('%s', (_, Condition, context, expected) =>
    expect(isAllowed({ identity: [{ ...allow, Condition }], context })).toBe(expected),
  );

  test('refuses what it would have to guess', () => {
    const dated = [{ ...allow, Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01' } } }];
    expect(() => isAllowed({ identity: dated, context: { 'aws:CurrentTime': 'now' } })).toThrow(
      'DateGreaterThan is not supported',
    );
    expect(() => parsePolicy({ Statement: [{ ...allow, Effect: 'allow' }] })).toThrow('Effect must be Allow or Deny');
    expect(() => parsePolicy({ Statement: [{ ...allow, Principals: '*' }] })).toThrow('Principals is not supported');
    expect(() => parsePolicy({ Statement: [{ ...allow, Principal: { Federated: 'x' } }] })).toThrow(
      'Federated is not supported',
    );
  });

  test('says a denial in AWS’s own sentence', () => {
    const request = {
      principal: role,
      action: 's3:GetObject',
      resource: object,
      context: {},
      identityPolicies: [],
      resourcePolicies: [],
    };
    const sentence = (because: 'no-allow' | 'explicit-deny-resource') =>
      denialMessage({ allowed: false, because }, request);
    expect(sentence('no-allow')).toBe(
      `User: ${role.sessionArn} is not authorized to perform: s3:GetObject on resource: ${object} because no identity-based policy allows the s3:GetObject action`,
    );
    expect(sentence('explicit-deny-resource')).toContain('with an explicit deny in a resource-based policy');
  });

  test('whatever else is written, a matching deny is never overruled', () => {
    const statement = fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.constantFrom('*', 's3:*', 's3:GetObject', 's3:Put*'),
      Resource: fc.constantFrom('*', object, 'arn:aws:s3:::reports/*', 'arn:aws:s3:::other/*'),
    });
    fc.assert(
      fc.property(fc.array(statement), fc.nat(), (statements, at) => {
        const denied: object[] = [...statements];
        denied.splice(at % (statements.length + 1), 0, { ...allow, Effect: 'Deny' });
        expect(decide({ identity: denied })).toEqual({ allowed: false, because: 'explicit-deny-identity' });
      }),
    );
  });
});

describe('wildcards', () => {
  test('a pattern without wildcards matches itself alone, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, text) => {
        fc.pre(!/[*?]/.test(pattern));
        expect(matchesWildcard(pattern, text)).toBe(pattern === text);
        expect(matchesWildcard(pattern, pattern)).toBe(true);
      }),
    );
  });

  test('a star in an ARN’s part does not reach into the next part', () => {
    expect(matchesArn('arn:aws:sns:*:111122223333:t', 'arn:aws:sns:eu-west-1:111122223333:t')).toBe(true);
    expect(matchesArn('arn:aws:sns:*:t', 'arn:aws:sns:eu-west-1:111122223333:t')).toBe(false);
    expect(matchesArn('arn:aws:lambda:*:*:function:a*', 'arn:aws:lambda:x:1:function:ab:live')).toBe(true);
  });
});

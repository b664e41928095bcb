import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountOf,
  isAdmitted,
  isNamedByTool,
  isSessionOf,
  mayBeSamePerson,
  nameOfCaller,
} from '../../../../shared/core/principal.ts';
import { cases } from '../../../support/depth.ts';

const account = '111122223333';
const user = (name: string, of = account) => `arn:aws:iam::${of}:user/${name}`;
const role = (name: string, of = account) => `arn:aws:iam::${of}:role/${name}`;
const session = (roleName: string, name = 'alice', of = account) =>
  `arn:aws:sts::${of}:assumed-role/${roleName}/${name}`;

describe('who is admitted', () => {
  const admitted = [user('ada'), user('team/grace'), role('on-call'), role('aws-reserved/sso.amazonaws.com/Sre_0a1b')];
  test.each<[string, boolean]>([
    [user('ada'), true],
    [user('team/grace'), true],
    [session('on-call'), true],
    [session('on-call', 'bob@example.com'), true],
    [session('Sre_0a1b'), true],
    [user('ad'), false],
    [user('adam'), false],
    [user('Ada'), false],
    [user('grace'), false],
    [user('other/ada'), false],
    [user('ada', '999999999999'), false],
    ['arn:aws-cn:iam::111122223333:user/ada', false],
    [session('on-call-2'), false],
    [session('on-cal'), false],
    [session('ada'), false],
    [session('on-call', 'alice', '999999999999'), false],
    [session('sso.amazonaws.com'), false],
    [role('on-call'), false],
    [`arn:aws:iam::${account}:root`, false],
    [`arn:aws:sts::${account}:federated-user/ada`, false],
    [`arn:aws:sts::${account}:assumed-role/on-call/alice/more`, false],
    [`${session('on-call')}\n`, false],
    ['', false],
  ])('%s: %s', (arn, isIn) => {
    expect(isAdmitted(arn, admitted)).toBe(isIn);
  });

  test('nobody but the very same user or role, whatever a name begins or ends with', () => {
    const name = fc.stringMatching(/^[\w+=,.@-]{2,20}$/);
    fc.assert(
      fc.property(name, name, name, (one, more, other) => {
        expect(isAdmitted(session(one, more), [role(one)])).toBe(true);
        expect(isAdmitted(session(one, more), [role(`path/${one}`)])).toBe(true);
        expect(isAdmitted(user(one), [user(one)])).toBe(true);
        for (const longer of [`${one}${more}`, `${more}${one}`]) {
          expect(isAdmitted(session(longer, more), [role(one), user(one), role(other === longer ? one : other)])).toBe(
            false,
          );
          expect(isAdmitted(session(one, more), [role(longer), user(one)])).toBe(false);
          expect(isAdmitted(user(one), [user(longer), role(one), user(`${longer}/${one}`)])).toBe(false);
        }
      }),
      cases(200, 20_000),
    );
  });
});

test.each<[string, string, boolean]>([
  [session('a', 'alice'), user('alice'), true],
  [session('a', 'ALICE@example.com'), user('team/alice'), true],
  ['alice', session('b', 'alice@other.example'), true],
  [session('a', 'alice'), session('a', 'alice2'), false],
  [session('a', 'alice'), session('a', 'lalice'), false],
  [user('alice'), 'mskeeper/orders/storage-scaling/disk-used/warning', false],
])('%s and %s may be one person: %s', (one, other, isOne) => {
  expect(mayBeSamePerson(one, other)).toBe(isOne);
  expect(mayBeSamePerson(other, one)).toBe(isOne);
});

/** Of every SDK and service that we know, and of whoever puts a time or an id behind a word. */
const tools: readonly (readonly [string, fc.Arbitrary<string>])[] = (
  [
    ['aws-sdk-js-', /\d{13}/],
    ['aws-sdk-js-session-', /\d{13}/],
    ['botocore-session-', /\d{10}/],
    ['aws-go-sdk-', /\d{19}/],
    ['aws-sdk-java-', /\d{1,13}/],
    ['aws-dotnet-sdk-session-', /\d{18}/],
    ['assume-role-provider-', /\d{13}/],
    ['', /\d{2,19}/],
    ['i-', /[0-9a-f]{17}/],
    ['i-', /[0-9a-f]{8}/],
    ['mi-', /[0-9a-f]{17}/],
    ['', /[0-9a-f]{31}\d/],
    ['AWSCodeBuild-', /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-\d[0-9a-f]{11}/],
    ['alice-', /\d{13}/],
    ['default_session', /\d{0,3}/],
  ] as const
).map(([word, rest]) => [word, fc.stringMatching(new RegExp(`^${rest.source}$`)).map((more) => `${word}${more}`)]);
const toolName = fc.oneof(...tools.map(([, name]) => name));
const anyName = fc.oneof(
  fc.stringMatching(/^[\w+=,.@-]{2,64}$/),
  toolName,
  fc.constantFrom('alice', 'bob@bank.example', '10234567@bank.example'),
);

describe('a session that a tool named tells nobody who took the role', () => {
  test.each(tools)('%s…', (_word, name) => {
    fc.assert(
      fc.property(name, fc.boolean(), (made, isUpper) => {
        expect(isNamedByTool(session('on-call', isUpper ? made.toUpperCase() : made))).toBe(true);
      }),
      cases(50, 2_000),
    );
  });

  test.each([
    'alice',
    'alice.smith',
    'u123456',
    'bob-2',
    'ada@bank.example',
    '10234567@bank.example',
    'deadbeef',
    'i-ann',
  ])('%s is one that a person or a directory gave', (name) => {
    expect(isNamedByTool(session('on-call', name))).toBe(false);
  });

  test('two sessions of one role are in doubt one person’s, and of a user nobody doubts', () => {
    fc.assert(
      fc.property(toolName, anyName, (made, other) => {
        expect(mayBeSamePerson(session('on-call', made), session('on-call', other))).toBe(true);
        expect(mayBeSamePerson(session('on-call', other), session('on-call', made))).toBe(true);
        expect(isNamedByTool(user(made))).toBe(false);
      }),
      cases(300, 20_000),
    );
  });

  test('but of another role, account or partition it is no more than its name', () => {
    const one = session('on-call', 'aws-sdk-js-1700000000000');
    for (const other of [session('on-cal', 'alice'), session('on-call', 'alice', '999999999999'), user('alice')]) {
      expect(mayBeSamePerson(one, other)).toBe(false);
      expect(mayBeSamePerson(other, one)).toBe(false);
    }
    expect(mayBeSamePerson(one, session('on-call', 'alice').replace('arn:aws:', 'arn:aws-cn:'))).toBe(false);
  });
});

test('the account is that of a user or a session, and of nothing else', () => {
  expect([user('ada'), session('on-call'), role('on-call'), `arn:aws:iam::${account}:root`].map(accountOf)).toEqual([
    account,
    account,
    undefined,
    undefined,
  ]);
});

test('a session is told by account and whole role', () => {
  expect(isSessionOf(session('approver'), account, 'approver')).toBe(true);
  expect(isSessionOf(session('approver-2'), account, 'approver')).toBe(false);
  expect(isSessionOf(session('approver'), '999999999999', 'approver')).toBe(false);
  expect(isSessionOf(user('approver'), account, 'approver')).toBe(false);
});

test.each([
  [user('ada'), 'ada'],
  [user('team/grace'), 'grace'],
  [session('on-call'), 'alice'],
  [session('on-call', 'bob@example.com'), 'bob'],
  [session('on-call', '@example.com'), '@example.com'],
  [role('on-call'), undefined],
  ['arn:aws:iam::111122223333:root', undefined],
  ['ada', undefined],
])('%s is called %s in messages', (arn, name) => expect(nameOfCaller(arn)).toBe(name));

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLiteralSecrets, findSecretsInComments } from '../../../../infra/configuration/literal-secrets.ts';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';

/** Put together at run time, so that no scanner takes this file for a leak. */
const glue = (...parts: string[]): string => parts.join('');

test.each<[what: string, text: string]>([
  ['an AWS access key', glue('AKIA', 'IOSFODNN7EXAMPLE')],
  ['an AWS secret key', glue('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY')],
  ['a private key', glue('-----BEGIN ', 'PRIVATE KEY-----')],
  ['a token', glue('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NSJ9.', 'c2lnbmF0dXJl')],
  ['a token', glue('ghp', '_0123456789abcdefghijABCDEFGHIJ012345')],
  ['a token', glue('xoxb', '-000000000000-000000000000')],
  ['a token', 'Bearer abcdefghijkl'],
  ['a webhook address', glue('https://hooks.slack', '.com/services/T0/B0/x0')],
  ['an integration key', '0123456789abcdef0123456789abcdef'],
  ['a password in an address', 'https://user:hunter2@registry.example'],
  ['a password', 'password=hunter2'],
  ['an e-mail address', 'someone@example.com'],
  ['a telephone number', '+1 555 0100 123'],
  ['a telephone number', '+15550100123'],
  ['a telephone number', '0015550100123'],
  ['a telephone number', '(555) 010-0123'],
  ['a telephone number', 'call +1 (555) 010-0123 at night'],
])('%s is refused wherever it stands, and never repeated', (what, text) => {
  const file = smallFile({}, `contacts: [{ role: ${JSON.stringify(text)}, level: on-call, channel: sms }]\n`);
  const mistakes = mistakesOf(file);
  expect(mistakes[0]).toContain(`10 contacts[0].role: looks like ${what}`);
  expect(mistakes.join()).not.toContain(text);
});

test.each<[name: string, text: string, path: string]>([
  ['a password as a setting', 'password: hunter2\n', '10 password: looks like a password, key or token'],
  [
    'a telephone number without quotes',
    'contacts: [{ role: x, level: on-call, channel: 15550100123 }]\n',
    '10 contacts[0].channel: looks like a telephone number',
  ],
  [
    'a secret instead of its name',
    'channels: { endpoints: { pager: { kind: pagerduty, secret: hunter2 } } }\n',
    '10 channels.endpoints.pager.secret: must be the ARN of a secret, or its name',
  ],
  [
    'a number instead of a parameter',
    'channels: { endpoints: { sms: { kind: sms, parameter: "+1 555 0100 123" } } }\n',
    '10 channels.endpoints.sms.parameter: looks like a telephone number',
  ],
  [
    'a token in a comment',
    `# ${glue('ghp', '_0123456789abcdefghijABCDEFGHIJ012345')}\n`,
    '10 (file): looks like a token',
  ],
])('%s is refused', (_name, more, mistake) => {
  expect(mistakesOf(smallFile({}, more))).toEqual([expect.stringContaining(mistake)]);
});

test('a SCRAM password in the place of its secret’s name is refused', () => {
  const file = smallFile({ authentication: '    authentication: { kind: scram, secretId: correct-horse }' });
  expect(mistakesOf(file)).toEqual([
    expect.stringContaining('8 clusters.orders.authentication.secretId: must be the ARN'),
  ]);
});

test.each([
  'AmazonMSK_orders',
  'mskeeper/orders',
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mskeeper/orders-AbCdEf',
])('%s is a secret’s name', (secretId) => {
  const file = smallFile({ authentication: `    authentication: { kind: mtls, secretId: '${secretId}' }` });
  expect(judge(file).mistakes).toEqual([]);
});

const key40 = glue('CustomerAccountStatement', 'GeneratedEventV2');
const hex32 = glue('0123456789abcdef', '0123456789abcdef');

test.each([
  key40,
  hex32,
  glue('xoxb', '-orders-events-v1'),
  glue('AKIA', 'ORDERSPAYMENTS00'),
  '2026-11-2600',
  '0912-345-678',
])('topics, groups and patterns of them may be called %s', (name) => {
  const names = [name, `${name}.*`];
  const clusters = {
    orders: {
      topics: { critical: [{ name }], ignore: names, deadLetter: names },
      groups: { watch: names, ignore: names },
    },
  };
  expect(findLiteralSecrets({ clusters })).toEqual([]);
  expect(findLiteralSecrets({ clusters: { orders: { role: name } } })).toHaveLength(1);
});

test('any legal topic name is taken where topics and groups stand', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/), (name) => {
      const cluster = { topics: { critical: [{ name }] }, groups: { watch: [name] }, endpoints: [{ name, url: '' }] };
      expect(findLiteralSecrets({ clusters: { orders: cluster } })).toEqual([]);
    }),
  );
});

test('what no topic can be called is refused among topics and groups, too', () => {
  const groups = { watch: ['password=hunter2', 'someone@example.com', '+1 555 0100 123'] };
  expect(findLiteralSecrets({ clusters: { orders: { groups } } })).toHaveLength(3);
});

test.each([`/mskeeper/${key40.slice(10)}`, hex32])('a parameter may be called %s', (parameter) => {
  expect(findLiteralSecrets({ killSwitch: { parameter } })).toEqual([]);
});

test.each([
  '# secret: mskeeper/pagerduty',
  "# endpoints: { pager: { kind: pagerduty, secret: 'mskeeper/pagerduty' } }",
  '# authentication: { kind: scram, secretId: AmazonMSK_orders }',
  '# secret: arn:aws:secretsmanager:eu-west-1:111122223333:secret:mskeeper/orders-AbCdEf',
  '# token: see the wiki',
  '# made with mskeeper@1.2.3',
])('the comment “%s” names a secret, or none', (comment) => {
  expect(findSecretsInComments(`version: 1\n  ${comment}\n`)).toEqual([]);
});

test.each([
  '# secret: hunter2',
  '# password = hunter2',
  `# client_secret = ${glue('hunter', '2')}`,
  `# was ${hex32}`,
  `# topic ${key40}`,
  '# call 0912-345-678 or mail someone@example.com',
  '# sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="x" password="y";',
  '# authentication: { kind: scram, secretId: correct-horse }',
  '# amqps://user:password@host is how others write it',
])('the comment “%s” is prose, or no value', (comment) => {
  expect(findSecretsInComments(`version: 1\n  ${comment}\n`)).toEqual([]);
});

test.each<[what: string, secret: string]>([
  ['an AWS access key', glue('AKIA', 'IOSFODNN7EXAMPLE')],
  ['a private key or certificate', glue('-----BEGIN ', 'PRIVATE KEY-----')],
  ['a token', glue('ghp', '_0123456789abcdefghijABCDEFGHIJ012345')],
  ['a token', glue('xoxb', '-000000000000-000000000000')],
  ['a token', glue('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NSJ9.', 'c2lnbmF0dXJl')],
  ['a webhook address', glue('https://hooks.slack', '.com/services/T0/B0/x0')],
])('%s in a comment is refused, whatever stands before it', (what, secret) => {
  for (const comment of [`# ${secret}`, `#${secret}`, `# password: ${secret}`, `x: 1 # was ${secret}, see the wiki`])
    expect(findSecretsInComments(`version: 1\n  ${comment}\n`), comment).toEqual([
      { line: 2, message: expect.stringContaining(`looks like ${what}`) },
    ]);
});

test('the committed example holds nothing that looks like a secret', () => {
  expect(judge(readFileSync(new URL('../../../../mskeeper.yml', import.meta.url), 'utf8')).mistakes).toEqual([]);
});

test('ordinary names, times and patterns are no secrets', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(?:[-._][a-z][a-z0-9]{0,8}){0,3}$/);
  fc.assert(
    fc.property(word, (name) => {
      expect(findLiteralSecrets({ topics: [name], at: '02:00' })).toEqual([]);
    }),
  );
});

test('every telephone number in international form is found', () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{9,12}$/);
  fc.assert(
    fc.property(digits, (number) => {
      expect(findLiteralSecrets([`+${number}`])).toHaveLength(1);
    }),
  );
});

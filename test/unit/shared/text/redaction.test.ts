import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactText, redactValue, verbatim } from '../../../../shared/text/redaction.ts';
import { cpuMsOf } from '../../../support/cpu.ts';

const base64Key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('text', () => {
  test.each([
    ['a bearer token', 'Authorization: Bearer abcdef0123456789abcdef', 'abcdef0123456789'],
    ['a basic credential', 'sent Basic dXNlcjpodW50ZXIyZm9v to it', 'dXNlcjpodW50ZXIyZm9v'],
    [
      'a lower-case header in JSON',
      '{"authorization":"AWS4-HMAC-SHA256 Credential=AKIDEX/x, Signature=abcdef99"}',
      'abcdef99',
    ],
    ['a password setting', 'ssl.keystore.password=hunter2;x=1', 'hunter2'],
    ['a password in JSON', '{"username":"svc","password":"hunter2"}', 'hunter2'],
    ['a password in JSON inside JSON', '{\\"password\\":\\"hunter2 two\\"}', 'hunter2'],
    ['a password with spaces in quotes', "password = 'correct horse battery'", 'horse'],
    [
      'a JAAS line',
      'sasl.jaas.config=org.x.ScramLoginModule required username="a" password="hunter2";',
      'ScramLoginModule',
    ],
    [
      'a SCRAM proof',
      'sent c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfc,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      'v0X8v3Bz2T0CJGbJQyF0X',
    ],
    ['an AWS key id', 'the key AKIAIOSFODNN7EXAMPLE is denied', 'AKIAIOSFODNN7EXAMPLE'],
    ['an AWS secret key', `key ${base64Key} leaked`, base64Key],
    ['a session token in a query', 'https://x/?X-Amz-Security-Token=FwoGZXIvYXdzEBY&a=b', 'FwoGZXIvYXdzEBY'],
    ['a JSON web token', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl back', 'c2lnbmF0dXJl'],
    [
      'an MSK IAM token',
      `auth ${'aHR0cHM6Ly9rYWZrYS5ldS13ZXN0LTEuYW1hem9uYXdzLmNvbS8_QWN0aW9uPWthZmth'} failed`,
      'aHR0cHM6Ly9rYWZrYS5l',
    ],
    ['a password in an address', 'http://svc:hunter2@schema-registry:8081/subjects', 'hunter2'],
    ['a webhook', 'posted to https://hooks.slack.com/services/T0000/B0000/XXXXXXXX', 'B0000'],
    ['a chat token', 'token xoxb-123456789-abcdefgh', 'xoxb-123456789'],
    ['a PEM key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----', 'MIIEvQIBADAN'],
    ['half a PEM key', 'key: -----BEGIN RSA PRIVATE KEY-----\\nMIIEvQIBADAN', 'MIIEvQIBADAN'],
    ['an e-mail address', 'page ops.team+kafka@example.com now', 'example.com'],
    ['an international telephone number', 'call +1 555 010 0123 now', '010'],
    ['a telephone number without spaces', 'call +15550100123', '15550100123'],
    ['a national telephone number', 'call (555) 010-0123 or 555-010-0123', '0123'],
  ])('%s is removed', (_what, text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain('[redacted');
  });

  test.each([
    'b-2.orders.abc123.c4.kafka.eu-west-1.amazonaws.com:9098',
    'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0b9d3a5e-7c1f-4a63-9c0a-2f3d4e5f6a7b-4',
    'arn:aws:lambda:eu-west-1:111122223333:function:mskeeper-orders-cluster-health:$LATEST',
    '2026-03-01T09:04:40.989+0000',
    '2026-03-01T09:04:40+10:00',
    'Threshold Crossed: 1 datapoint [74.2 (01/03/26 09:04:00)] was greater than the threshold (70.0).',
    'state/cluster-health/orders.json',
    'reports/cluster-health/orders/2026/03/01/090440-6f1c9a52-0000-4000-8000-000000000001.json',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'broker 2 (10.0.12.34:9092) answered after 5000 ms; 3 of 12000 partitions under-replicated',
    'group billing has 15550100123 messages of lag, oldest offset 9007199254740993',
    '__amazon_msk_canary, orders.v1.dlq, payments_2026',
    'NotLeaderOrFollowerException (6)',
  ])('%s is left alone', (text) => {
    expect(redactText(text)).toBe(text);
  });

  const secrets = fc.oneof(
    fc.stringMatching(/^(AKIA|ASIA)[A-Z0-9]{16}$/),
    fc.stringMatching(/^eyJ[A-Za-z0-9]{10,20}\.[A-Za-z0-9]{10,20}\.[A-Za-z0-9]{10,20}$/),
    fc.stringMatching(/^\+1 555 01[0-9]{2} [0-9]{4}$/),
    fc.stringMatching(/^[a-z]{3,10}@[a-z]{3,10}\.example$/),
    fc.stringMatching(/^Bearer [A-Za-z0-9]{20,40}$/),
    fc.stringMatching(/^password=[A-Za-z0-9]{8,20}$/),
    fc.stringMatching(/^"client_secret": "[A-Za-z0-9]{8,20}"$/),
  );
  const plainWords = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 6 }).map((words) => words.join(' '));

  test('a secret of any known shape is gone from any sentence around it', () => {
    fc.assert(
      fc.property(plainWords, secrets, plainWords, (before, secret, after) => {
        const value = secret.replace(/^(Bearer |password=|"client_secret": )/, '').replaceAll('"', '');
        expect(redactText(`${before} ${secret}, ${after}`)).not.toContain(value);
      }),
    );
  });

  test.each(['Authorization', 'cookie', 'x-amz-security-token', 'sasl.jaas.config', 'password', 'secret'])(
    'redacting %s twice changes nothing more, however many spaces stand before it',
    (name) => {
      for (let spaces = 0; spaces < 12; spaces += 1) {
        for (const sign of [':', '=', ' :', ' =']) {
          const once = redactText(`${name}${sign}${' '.repeat(spaces)}abcdefgh12345678 rest`);
          expect(redactText(once)).toBe(once);
        }
      }
    },
  );

  test('redacting twice changes nothing more', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          secrets,
          fc.tuple(fc.string(), secrets, fc.string()).map((parts) => parts.join(' ')),
        ),
        (text) => {
          const once = redactText(text);
          expect(redactText(once)).toBe(once);
        },
      ),
    );
  });

  test('words without a secret come back as they were', () => {
    fc.assert(fc.property(plainWords, (text) => redactText(text) === text));
  });

  test('a text made to be slow is read in time proportional to its length', () => {
    const cpuMs = cpuMsOf(() => {
      for (const piece of [
        'a@',
        '+1 ',
        '-----BEGIN A-----',
        'c=a,',
        '://a:',
        'password=',
        'aA1/',
        '"',
        '\\',
        'eyJ.',
        'token ',
      ]) {
        redactText(piece.repeat(20_000));
      }
    });
    expect(cpuMs).toBeLessThan(5_000);
  });
});

describe('values', () => {
  test.each([
    ['password', true],
    ['dbPassword', true],
    ['sasl.jaas.config', true],
    ['Authorization', true],
    ['X-Amz-Security-Token', true],
    ['secret_access_key', true],
    ['privateKey', true],
    ['apiKey', true],
    ['phoneNumber', true],
    ['sessionToken', true],
    ['secretId', false],
    ['secretArn', false],
    ['tokenCount', false],
    ['partitionKey', false],
    ['clusterName', false],
    ['emailAddress', true],
  ])('a value under %s: hidden is %s', (key, isHidden) => {
    expect(redactValue({ [key]: 'plain words' })).toEqual({ [key]: isHidden ? '[redacted]' : 'plain words' });
  });

  test('a number under a telephone key is hidden, other numbers, bigints and booleans are kept', () => {
    expect(redactValue({ telephone: 15550100123, lag: 12n, used: 81.5, hasToken: true })).toEqual({
      telephone: '[redacted]',
      lag: 12n,
      used: 81.5,
      hasToken: true,
    });
  });

  test('errors keep name, message, call and causes, all without secrets', () => {
    const cause = Object.assign(new Error('password=hunter2'), { code: 'ECONNREFUSED' });
    const redacted = redactValue({ problem: new Error('call +1 555 010 0123', { cause }) });
    expect(redacted).toEqual({
      problem: {
        name: 'Error',
        message: 'call [redacted telephone]',
        cause: { name: 'Error', message: 'password=[redacted]', code: 'ECONNREFUSED' },
      },
    });
  });

  test('maps, sets, bytes, dates and circles become plain data', () => {
    const circle: Record<string, unknown> = { name: 'a' };
    circle.self = circle;
    expect(
      redactValue({
        circle,
        byGroup: new Map([['ops@example.com', 1]]),
        ids: new Set([1, 2]),
        bytes: new Uint8Array(3),
        at: new Date(0),
      }),
    ).toEqual({
      circle: { name: 'a', self: '[circular]' },
      byGroup: { '[redacted e-mail]': 1 },
      ids: [1, 2],
      bytes: '[3 bytes]',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  test('two keys that look alike after redaction are both kept', () => {
    expect(redactValue({ 'a@example.com': 1, 'b@example.com': 2 })).toEqual({
      '[redacted e-mail]': 1,
      '[redacted e-mail] #2': 2,
    });
  });

  test('a secret under any path of any object is found', () => {
    const secret = 'AKIAIOSFODNN7EXAMPLE';
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.string(), (surroundings, key) => {
        const planted = { ...surroundings, nested: [{ [key]: { deep: `x ${secret}` } }], [`${secret}`]: 1 };
        expect(
          JSON.stringify(redactValue(planted), (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
        ).not.toContain(secret);
      }),
    );
  });
});

describe('names', () => {
  const camelCase = 'CustomerAccountStatementGeneratedEventV2';
  const tokenLike = ['xoxb', 'orders-events-v1'].join('-');
  const names = [
    camelCase,
    tokenLike,
    'PaymentInstructionSettlementConfirmed24h',
    'AKIAORDERSPAYMENTS',
    '100-200-3000',
  ];

  test.each(names)(
    'the topic %s is kept where a finding says that it is its subject, and so is what is said of it',
    (name) => {
      const finding = { subject: `topic ${name}`, message: `Critical topic ${name} does not exist.` };
      const document = { findings: [finding], changes: [{ key: `critical-topic|topic ${name}` }] };
      expect(redactValue(document)).toEqual(document);
    },
  );

  test('a secret beside a name is taken out, and a name in no subject is a secret by its shape', () => {
    const password = ['hunter', '2'].join('');
    const finding = { subject: `topic ${camelCase}`, message: `${camelCase}: password=${password}` };
    expect(redactValue(finding)).toEqual({ ...finding, message: `${camelCase}: password=[redacted]` });
    expect(redactValue({ message: camelCase })).toEqual({ message: '[redacted key]' });
  });

  test('any legal topic survives in a finding about it, and in a document that is marked', () => {
    const topic = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/), fc.stringMatching(/^[a-zA-Z0-9]{40}$/));
    fc.assert(
      fc.property(topic, (name) => {
        const finding = { subject: `topic ${name}`, evidence: { missing: [name] } };
        expect(redactValue(finding)).toEqual(finding);
        expect(redactValue({ state: verbatim({ [name]: [name] }) })).toEqual({ state: { [name]: [name] } });
      }),
    );
  });

  test('an invalid date is said, not thrown', () => {
    expect(redactValue({ at: new Date(Number.NaN) })).toEqual({ at: '[invalid date]' });
  });
});

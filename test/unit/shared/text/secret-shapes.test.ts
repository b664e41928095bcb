import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLiteralSecrets } from '../../../../infra/configuration/literal-secrets.ts';
import { redactText } from '../../../../shared/text/redaction.ts';
import { secretShapes } from '../../../../shared/text/secret-shapes.ts';
import { cpuMsOf } from '../../../support/cpu.ts';
import { cases } from '../../../support/depth.ts';

/** Put together at run time, so that no scanner takes this file for a leak. */
const glue = (...parts: string[]): string => parts.join('');
const hex = '0123456789abcdef';
const letters = 'aB3dE5gH7jK9mN1pQ2sT4vW6';

describe('what a run takes out and mskeeper.yml refuses', () => {
  test.each<[what: string, secret: string]>([
    ['PagerDuty’s key', glue(hex, hex)],
    ['PagerDuty’s key in capitals', glue(hex, hex).toUpperCase()],
    ['PagerDuty’s key as it is made now', glue('R0', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123')],
    ['PagerDuty’s address', glue('https://events.pagerduty', '.com/integration/', hex, '/enqueue')],
    ['PagerDuty’s address in the EU', glue('https://events.eu.pagerduty', '.com/integration/', hex, '/enqueue')],
    [
      'a Teams webhook',
      glue('https://acme.webhook.office', '.com/webhookb2/', hex, '@', hex, '/IncomingWebhook/', hex),
    ],
    [
      'a Teams workflow',
      glue('https://prod-1.westeurope.logic.azure', '.com:443/workflows/', hex, '/triggers?sig=', letters),
    ],
    ['a Discord webhook', glue('https://discord', '.com/api/webhooks/123456789/', letters)],
    ['a Google Chat webhook', glue('https://chat.googleapis', '.com/v1/spaces/AAA/messages?key=', letters)],
    ['a Slack webhook', glue('https://hooks.slack', '.com/services/T0/B0/', letters)],
    ['Opsgenie’s header', glue('Genie', 'Key 01234567-89ab-cdef-0123-456789abcdef')],
    ['a Slack token', glue('xo', 'xb-', '123456789012-', letters)],
    ['a Slack token of an app', glue('xa', 'pp-1-', letters)],
    ['a GitHub token', glue('gh', 'p_', letters, letters.slice(0, 12))],
    ['a fine-grained GitHub token', glue('github', '_pat_', letters, letters)],
    ['a Stripe key', glue('sk', '_live_', letters)],
    ['a Grafana token', glue('gl', 'sa_', letters, letters)],
    ['a Vault token', glue('hv', 's.', letters, letters)],
    ['a SendGrid key', glue('S', 'G.', letters, '.', letters, letters)],
    ['a PyPI token', glue('py', 'pi-', letters, letters, letters)],
    ['an AWS access key', glue('AK', 'IA', 'ABCDEFGHIJKLMNOP')],
    ['an AWS secret key', glue(letters, letters).slice(0, 40)],
    ['a GitLab token', glue('gl', 'pat-', letters)],
    ['an npm token', glue('npm', '_', letters, letters.slice(0, 12))],
    ['a Google API key', glue('AI', 'za', letters, letters.slice(0, 11))],
    ['a Google OAuth token', glue('ya', '29.', letters)],
    ['an AWS session token', glue('IQoJb3', 'JpZ2lu', letters, '/', letters, '==')],
    ['an older AWS session token', glue('FwoGZX', 'IvYXdz', letters, letters)],
    ['the body of a PKCS 8 key', glue('MI', 'IEvQIBADAN', letters, letters)],
    ['the body of an elliptic key', glue('MH', 'cCAQEEI', letters, letters)],
    ['the body of an Ed25519 key', glue('MC', '4CAQAwBQYDK2VwBCIEI', letters, letters)],
    ['the body of an OpenSSH key', glue('b3BlbnNzaC1r', 'ZXktdjEA', letters, letters)],
    ['a mobile in Taiwan', '0912-345-678'],
    ['a mobile in Taiwan with spaces', '0912 345 678'],
    ['a mobile in Taiwan in one piece', '0912345678'],
    ['a landline in Taipei', '(02) 2345-6789'],
    ['a landline in Kaohsiung', '07-345-6789'],
    ['a landline in Berlin', '030 1234567'],
    ['a landline in Munich', '089/12345678'],
    ['a mobile in Germany', '0171 1234567'],
    ['a mobile in Germany in one piece', '01711234567'],
    ['a landline in London', '020 7946 0958'],
    ['a mobile in the UK', '07700 900123'],
    ['a landline in Leeds', '(0113) 496 0999'],
  ])('%s', (_what, secret) => {
    const clean = redactText(`answered ${secret}, again`);
    expect(clean).not.toContain(secret.slice(-7));
    expect(clean).toContain('[redacted');
    expect(clean).toContain('answered ');
    expect(findLiteralSecrets({ contacts: [{ role: secret }] })).toHaveLength(1);
  });

  test('every line of a key without its header is taken out', () => {
    const body = [glue('MI', 'IEvQIBADAN', letters, letters), `${letters}${letters}`, `${letters}==`];
    for (const end of ['\n', '\r\n', '\\n']) expect(redactText(`key ${body.join(end)}`)).toBe('key [redacted PEM]');
  });
});

test.each([
  'alarm at 01/03/26 09:04:00, account 012345678901, 03 of 12000 partitions',
  'etag of a look 01-03-2026 0904, reports/2026/03/01/090440-6f1c9a52.json',
  'segment 00000000000000012345.log of topic orders-0912345678',
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mskeeper/orders-AbCdEf',
  `image sha256:${hex}${hex}${hex}${hex}`,
  'mskeeper@1.2.3 asked 09:04:40.989',
])('%s holds no secret', (text) => {
  expect(redactText(text)).toBe(text);
});

test('no shape matches a word of 31 letters at most that begins with a small one, so nothing looks for one there', () => {
  const beginnings = secretShapes.flatMap(({ pattern }) => pattern.source.match(/[a-z][A-Za-z]*/g) ?? []);
  const letter = fc.constantFrom(...'abcdefrstuvwxyzABCDEFGIJKMQRZ');
  const rest = (alphabet: typeof letter) => fc.string({ unit: alphabet, maxLength: 31, size: 'max' });
  const word = fc
    .tuple(fc.constantFrom('', ...beginnings), fc.oneof(rest(letter), rest(fc.constantFrom(...'abcdef'))))
    .map(([beginning, end]) => `${beginning}${end}`.slice(0, 31))
    .filter((made) => /^[a-z]/.test(made));
  fc.assert(
    fc.property(word, (made) => {
      for (const { pattern, replacement } of secretShapes)
        if (replacement !== undefined) expect(made.replace(pattern, '')).toBe(made);
    }),
    cases(500, 20_000),
  );
  // One letter more may be a key.
  expect(redactText('abcdef'.repeat(6).slice(0, 32))).toBe('[redacted key]');
  expect(redactText('AKIAORDERSPAYMENTS')).toBe('[redacted key]');
});

test('no shape needs more time than in proportion to a hostile text', () => {
  const pieces = [
    'MII',
    'MIIE ',
    '0',
    '09 ',
    '(02) ',
    'a.',
    'a/',
    'hooks.',
    'IQoJb3JpZ2lu',
    hex,
    'AIza',
    'glpat-',
    '00',
    '12-',
  ];
  const cpuMs = cpuMsOf(() => {
    for (const piece of pieces) for (const { pattern } of secretShapes) piece.repeat(20_000).replace(pattern, '');
  });
  expect(cpuMs).toBeLessThan(5_000);
});

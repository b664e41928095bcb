import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeClusterText, escapeForeignText } from '../../../../shared/text/cluster-text.ts';

describe('text from the cluster', () => {
  test.each([
    ['a new line', 'orders\nCRITICAL: all is well', 'orders\\u{a}CRITICAL: all is well'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a bell and an escape sequence', '\u0007\u001b[31mred', '\\u{7}\\u{1b}\\u{5b}31mred'],
    ['a tag', '<b>x</b>', '\\u{3c}b\\u{3e}x\\u{3c}/b\\u{3e}'],
    ['a chat mention', '<!here> @channel', '\\u{3c}!here\\u{3e} \\u{40}channel'],
    ['an entity', '&lt;', '\\u{26}lt;'],
    ['a link', 'https://evil.example', 'https\\u{3a}//evil.example'],
    [
      'a link behind a long word',
      `${'a'.repeat(60)}https://evil.example`,
      `${'a'.repeat(60)}https\\u{3a}//evil.example`,
    ],
    ['a bare host', 'www.evil.example', 'www\\u{2e}evil.example'],
    ['a call', 'sms:+15550100', 'sms\\u{3a}+15550100'],
    ['a picture of well-being', 'orders :white_check_mark: ok', 'orders \\u{3a}white_check_mark: ok'],
    ['struck words', '~not~', '\\u{7e}not\\u{7e}'],
    ['tags that nobody sees', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a filler that looks like nothing', 'a\u3164b\u2800c', 'a\\u{3164}b\\u{2800}c'],
    ['a mail link', 'mailto:x', 'mailto\\u{3a}x'],
    ['a table', 'a|b', 'a\\u{7c}b'],
    ['a formatted link', '[x](y)', '\\u{5b}x\\u{5d}(y)'],
    ['a turned text', 'a\u202Eb', 'a\\u{202e}b'],
    ['an invisible character', 'or\u200Bders', 'or\\u{200b}ders'],
    ['no character at all, which SNS refuses', 'a\uFFFFb\uFFFE\u{1FFFE}', 'a\\u{ffff}b\\u{fffe}\\u{1fffe}'],
    ['an escape of its own', '\\u{a}', '\\u{5c}u{a}'],
    ['an ordinary topic', 'orders.v1_dlq-2', 'orders.v1_dlq-2'],
    ['letters of any script', 'büro-日本', 'büro-日本'],
  ])('%s is made harmless and can still be read', (_what, text, expected) => {
    expect(escapeClusterText(text)).toBe(expected);
  });

  test('whatever a name holds, one harmless line comes out, and two names never look the same', () => {
    const any = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(any, any, (left, right) => {
        const escaped = escapeClusterText(left);
        expect(escaped).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>&@`|]|:\/\//u);
        if (left !== right) expect(escaped).not.toBe(escapeClusterText(right));
      }),
    );
  });

  test('a long name is cut between characters and escapes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 30, maxLength: 60 }),
        fc.integer({ min: 5, max: 29 }),
        (text, limit) => {
          const cut = escapeClusterText(text, limit);
          expect(cut.length).toBeLessThanOrEqual(limit);
          expect(cut.isWellFormed()).toBe(true);
          expect(cut).not.toMatch(/\\(u(\{[0-9a-f]*)?)?…$/);
        },
      ),
    );
  });
});

describe('a sentence of somebody else', () => {
  test.each([
    ['a host without anything', 'sign in at evil.example/sso', 'sign in at evil[.]example/sso'],
    ['a host with a scheme', 'https://evil.example', 'https\\u{3a}//evil[.]example'],
    ['a host of several parts', 'login.evil.co.uk:8443', 'login[.]evil[.]co[.]uk:8443'],
    ['a host in other letters', 'xn--80ak6aa92e.xn--p1ai', 'xn--80ak6aa92e[.]xn--p1ai'],
    ['a host with dots of another script', 'evil\u3002example', 'evil\\u{3002}example'],
    ['an address of four numbers', '203.0.113.7/sso', '203.0.113[.]7/sso'],
    ['an e-mail address', 'ops@evil.example', 'ops\\u{40}evil[.]example'],
    ['a page of ours on a host', 'evil.example/docs/deploy.md', 'evil[.]example/docs/deploy[.]md'],
    ['what is called as a tool might be', 'kafka-login.sh', 'kafka-login[.]sh'],
  ])('makes no link of %s', (_what, text, expected) => {
    expect(escapeForeignText(text, [])).toBe(expected);
  });

  test.each([
    ['our own file', 'raise it in mskeeper.yml.', []],
    ['a page of the runbook', 'Row disk-used of docs/runbook/cluster-health.md.', []],
    ['a tool of Kafka', 'kafka-metadata-quorum.sh $AT describe --status.', []],
    ['a version and a number', 'Kafka 3.9.1 at 4.5 MiB', []],
    ['a command', 'kafka-configs.sh --entity-name orders.events --add-config retention.ms=1', ['orders.events']],
    ['a topic and its partition', 'orders.events-12 has no leader', ['orders.events']],
  ])('leaves %s', (_what, text, names) => {
    expect(escapeForeignText(text, names)).toBe(text);
  });

  test('names no path by a name, nor by a part of one', () => {
    const group = 'evil.example/sso';
    expect(escapeForeignText(`group ${group} is stopped`, [group])).toBe('group evil[.]example/sso is stopped');
    expect(escapeForeignText('orders.events.evil.example/sso', ['orders.events'])).not.toContain('evil.example');
  });
});

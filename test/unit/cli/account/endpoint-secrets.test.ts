import { expect, test } from 'vitest';
import { findContentProblems } from '../../../../cli/account/endpoint-secrets.ts';

const routingKey = '0123456789abcdef0123456789ABCDEF';
const shape = 'expected an object of {routingKey, region?, rest?}';
const key = 'routingKey (expected the 32 letters and digits of an Events API v2 integration key)';
const rest =
  'rest (expected {apiToken} of a read-only key, or {clientId, clientSecret, subdomain} of a Scoped OAuth app)';

test.each<[kept: unknown, problems: readonly string[]]>([
  [{ routingKey }, []],
  [{ routingKey, region: 'eu', rest: { apiToken: 'x' } }, []],
  [{ routingKey, rest: { clientId: 'a', clientSecret: 'b', subdomain: 'c' } }, []],
  [{ routingKey, note: 'ours' }, [shape]],
  [{}, ['routingKey (expected the integration key of an Events API v2 integration)']],
  [{ routingKey: `${routingKey}0` }, [key]],
  [{ routingKey, region: 'us-east-1' }, ['region (expected us or eu, where the account lives)']],
  [{ routingKey, rest: { clientId: 'a', subdomain: 'c' } }, [rest]],
  [{ routingKey: '', rest: 'x' }, [key, rest]],
  [[routingKey], [shape]],
  [routingKey, [shape]],
])('a pager by %j', (kept, problems) => {
  expect(findContentProblems('pagerduty', JSON.stringify(kept))).toEqual(problems);
  expect(findContentProblems('phone', JSON.stringify(kept))).toEqual(problems);
});

const bot = 'botToken (expected a bot token of the app, which begins with xoxb-)';

test.each<[text: string, problems: readonly string[]]>([
  ['{"botToken":"xoxb-1-2-abcdefgh"}', []],
  ['{"botToken":"xoxp-1-2-abcdefgh"}', [bot]],
  ['{"xoxb-1-2-abcdefgh":""}', ['botToken (expected the bot token of the app)', 'expected an object of {botToken}']],
  ['https://hooks.slack.com/services/a/b/c', ['expected an object of {botToken}']],
  ['', ['expected an object of {botToken}']],
  ['null', ['expected an object of {botToken}']],
])('Slack by %j', (text, problems) => {
  expect(findContentProblems('slack', text)).toEqual(problems);
});

test('neither a value nor a key of the user’s is in what is said', () => {
  const planted = { routingKey: 'plantedplanted', region: 'planted', rest: { planted: 'planted' }, planted: 'planted' };
  const said = [
    findContentProblems('pagerduty', JSON.stringify(planted)),
    findContentProblems('slack', JSON.stringify({ ...planted, botToken: 'xoxp-planted' })),
    findContentProblems('phone', 'planted'),
  ];
  expect(said.flat().length).toBeGreaterThan(5);
  expect(JSON.stringify(said)).not.toContain('planted');
});

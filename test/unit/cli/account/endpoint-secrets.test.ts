import { expect, test } from 'vitest';
import { findContentProblems } from '../../../../cli/account/endpoint-secrets.ts';

const routingKey = '0123456789abcdef0123456789ABCDEF';
const key = 'routingKey must be the 32 letters and digits of an Events API v2 integration';
const rest = 'rest must have apiToken, or clientId, clientSecret and subdomain';

test.each<[kept: unknown, problems: readonly string[]]>([
  [{ routingKey }, []],
  [{ routingKey, region: 'eu', rest: { apiToken: 'x' } }, []],
  [{ routingKey, rest: { clientId: 'a', clientSecret: 'b', subdomain: 'c' } }, []],
  [{ routingKey, note: 'ours' }, []],
  [{}, ['routingKey is missing or no text']],
  [{ routingKey: 7 }, ['routingKey is missing or no text']],
  [{ routingKey: `${routingKey}0` }, [key]],
  [{ routingKey, region: 'us-east-1' }, ['region must be us or eu']],
  [{ routingKey, rest: { clientId: 'a', subdomain: 'c' } }, [rest]],
  [{ routingKey: '', rest: 'x' }, [key, rest]],
  [[routingKey], ['is no JSON object with routingKey, region, rest']],
  [routingKey, ['is no JSON object with routingKey, region, rest']],
])('a pager by %j', (kept, problems) => {
  expect(findContentProblems('pagerduty', JSON.stringify(kept))).toEqual(problems);
  expect(findContentProblems('phone', JSON.stringify(kept))).toEqual(problems);
});

test.each<[text: string, problems: readonly string[]]>([
  ['{"botToken":"xoxb-1-2-abc"}', []],
  ['{"botToken":"xoxp-1-2-abc"}', ['botToken must be a bot’s token, which begins with xoxb-']],
  ['{"token":"xoxb-1-2-abc"}', ['botToken is missing or no text']],
  ['https://hooks.slack.com/services/a/b/c', ['is no JSON object with botToken']],
  ['', ['is no JSON object with botToken']],
  ['null', ['is no JSON object with botToken']],
])('Slack by %j', (text, problems) => {
  expect(findContentProblems('slack', text)).toEqual(problems);
});

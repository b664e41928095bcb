import { describe, expect, test } from 'vitest';
import type { PagerFound, SlackFound } from '../../../../../../../functions/health/incident/core/channels/found.ts';
import { judgePager, judgeSlack } from '../../../../../../../functions/health/incident/core/channels/judge-doors.ts';
import type { Judgement } from '../../../../../../../functions/health/incident/core/channels/judged.ts';
import { known } from '../../../../../../../shared/core/known.ts';
import type { SlackChannel, SlackLook, SlackSaid } from '../../../../../../../shared/telling/core/slack-look.ts';
import { notAnswered } from '../../../../../../support/incident/channels.ts';

/** `deaf secret-unreadable`, `lame token-refused`, `unknown`, `good`. */
const shortOf = (judged: Judgement): string =>
  judged.state === 'broken' ? `${judged.isDeaf ? 'deaf' : 'lame'} ${judged.reason}` : judged.state;

const kept = 'secretsmanager:GetSecretValue';
const secrets = [
  ['that is not there', notAnswered('not-found', kept), 'deaf secret-unreadable'],
  ['that is none', notAnswered('bad-answer', kept), 'deaf secret-unreadable'],
  ['that is denied', notAnswered('denied', kept), 'deaf secret-unreadable'],
  [
    'that is to be deleted',
    { ...notAnswered('failed', kept, 400), facts: { errorName: 'InvalidRequestException' } },
    'deaf secret-unreadable',
  ],
  ['that did not come in time', notAnswered('timed-out', kept), 'unknown'],
  ['of which too many asked', notAnswered('throttled', kept), 'unknown'],
  ['whose service was not reached', notAnswered('unreachable', kept), 'unknown'],
] as const;

describe('a pager', () => {
  const pager = (rest?: PagerFound['rest']): PagerFound => ({
    kind: 'pagerduty',
    secret: known({ hasRest: rest !== undefined }),
    ...(rest !== undefined && { rest }),
  });
  const incidents = 'pagerduty:incidents';
  const oauth = 'pagerduty:oauth-token';

  test.each(secrets)('with a secret %s', (_what, secret, judged) => {
    expect(shortOf(judgePager('on-call', { kind: 'phone', secret }))).toBe(judged);
  });

  test.each<[string, PagerFound, string]>([
    ['whose incidents can be read', pager(known('taken')), 'good'],
    ['of which nobody reads incidents', pager(), 'good'],
    ['with a key that is none', pager(notAnswered('authentication-failed', incidents, 401)), 'lame token-refused'],
    ['with a key that may not read', pager(notAnswered('denied', incidents, 403)), 'lame token-refused'],
    ['with an app that is none', pager(notAnswered('failed', oauth, 400)), 'lame token-refused'],
    ['that refuses a question for another reason', pager(notAnswered('failed', incidents, 400)), 'unknown'],
    ['that has too much to do', pager(notAnswered('throttled', incidents, 429)), 'unknown'],
    ['that was not reached', pager(notAnswered('unreachable', incidents)), 'unknown'],
    ['that answers in another form', pager(notAnswered('bad-answer', incidents, 200)), 'unknown'],
  ])('%s', (_what, found, judged) => {
    expect(shortOf(judgePager('on-call', found))).toBe(judged);
  });

  test('is good as far as a look can see: its routing key is proven by a message', () => {
    expect(judgePager('on-call', pager(known('taken')))).toMatchObject({
      state: 'good',
      note: 'its routing key is proven by a message alone',
    });
  });
});

describe('a bot', () => {
  const token = (...scopes: readonly string[]): SlackLook['token'] => ({ result: 'ok', said: { scopes } });
  const seen = (change: Partial<SlackChannel> = {}): SlackSaid<SlackChannel> => ({
    result: 'ok',
    said: { isMember: true, isPrivate: false, isArchived: false, ...change },
  });
  const refused = (error: string, needed?: string): SlackSaid<never> & { readonly result: 'refused' } => ({
    result: 'refused',
    error,
    why: `Slack refuses it (${error})`,
    ...(needed !== undefined && { needed }),
  });
  const slack = (look: SlackLook): SlackFound => ({ kind: 'slack', secret: known('read'), look });
  const usual = token('chat:write', 'channels:history', 'channels:read', 'groups:read');

  test.each(secrets)('with a secret %s', (_what, secret, judged) => {
    expect(shortOf(judgeSlack('incidents', { kind: 'slack', secret }))).toBe(judged);
  });

  test.each<[string, SlackLook, string]>([
    ['in its channel', { token: usual, channel: seen() }, 'good'],
    ['whose token Slack refuses', { token: refused('token_revoked') }, 'deaf token-refused'],
    ['of which Slack said nothing', { token: { result: 'unknown', why: 'Slack answered 500' } }, 'unknown'],
    ['that may not write', { token: token('channels:read'), channel: seen() }, 'deaf scope-missing'],
    ['that may write, and not look for what it wrote', { token: token('chat:write'), channel: seen() }, 'good'],
    ['of whose scopes Slack tells nothing', { token: { result: 'ok', said: {} }, channel: seen() }, 'good'],
    ['whose channel is archived', { token: usual, channel: seen({ isArchived: true }) }, 'deaf channel-closed'],
    ['that is not in its channel', { token: usual, channel: seen({ isMember: false }) }, 'deaf channel-closed'],
    [
      'that is not in its channel, and may write into any public one',
      { token: token('chat:write', 'chat:write.public'), channel: seen({ isMember: false }) },
      'good',
    ],
    [
      'that is not in its private channel, and may write into any public one',
      { token: token('chat:write', 'chat:write.public'), channel: seen({ isMember: false, isPrivate: true }) },
      'deaf channel-closed',
    ],
    ['whose channel is none', { token: usual, channel: refused('channel_not_found') }, 'deaf channel-closed'],
    [
      'whose channel may be a private one that it does not see',
      { token: token('chat:write', 'channels:read'), channel: refused('channel_not_found') },
      'good',
    ],
    ['that may not see its channel', { token: usual, channel: refused('missing_scope', 'groups:read') }, 'good'],
    ['whose channel Slack said nothing of', { token: usual, channel: { result: 'unknown', why: 'cut' } }, 'unknown'],
    [
      'that may not write, whatever is not known',
      { token: token(), channel: { result: 'unknown', why: 'cut' } },
      'deaf scope-missing',
    ],
    ['whose channel was not asked about', { token: usual }, 'good'],
  ])('%s', (_what, look, judged) => {
    expect(shortOf(judgeSlack('incidents', slack(look)))).toBe(judged);
  });

  test.each([
    [{ token: usual, channel: refused('missing_scope', 'groups:read') }, 'groups:read'],
    [{ token: usual, channel: refused('missing_scope') }, 'channels:read, groups:read'],
    [{ token: token('chat:write'), channel: seen() }, 'channels:history'],
  ] as const)('that is good as far as a look sees says which scope would show more', (look, scope) => {
    expect(judgeSlack('incidents', slack(look))).toMatchObject({ state: 'good', note: expect.stringContaining(scope) });
  });
});

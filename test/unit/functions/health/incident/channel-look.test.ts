import { describe, expect, test } from 'vitest';
import { fetchChannels, type LookPorts } from '../../../../../functions/health/incident/channel-look.ts';
import type { ToLookAt } from '../../../../../functions/health/incident/core/channels/plan.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { subscription } from '../../../../support/incident/channels.ts';

const look = { token: { result: 'ok', said: {} } } as const;

/** Ports that write down what they are asked. */
const openPorts = (change: Partial<LookPorts> = {}) => {
  const asked: string[] = [];
  const say = <Value>(what: string, value: Value): Promise<Value> => {
    asked.push(what);
    return Promise.resolve(value);
  };
  const ports: LookPorts = {
    fetchSubscriptions: (topic) => say(`list ${typeof topic === 'string' ? topic : topic.ofChat}`, [subscription()]),
    fetchAddress: (endpoint) => say(`address ${endpoint}`, '+1 (555) 0100'),
    fetchIsInSmsSandbox: () => say('sandbox', false),
    fetchVerifiedNumbers: () => say('verified', ['+15550100']),
    fetchIsOptedOut: (number) => say(`opted out ${number}`, false),
    fetchPagerSecret: (endpoint) => say(`secret ${endpoint}`, { hasRest: true }),
    fetchNoIncident: (endpoint) => say(`incidents ${endpoint}`, undefined),
    fetchSlackLook: (endpoint, _kept, channel) => say(`slack ${endpoint} ${channel}`, look),
    ...change,
  };
  return { asked, ports };
};

const denied = (call: string) => () => Promise.reject(new DependencyError(call, 'denied', 'denied: no'));
const secret = 'mskeeper/secret';
const phones: readonly ToLookAt[] = ['sms', 'boss'].map((endpoint) => ({
  endpoint,
  one: { kind: 'sms', parameter: `/${endpoint}` },
  topics: ['emergency', 'critical'],
}));
const pager: ToLookAt = { endpoint: 'pager', one: { kind: 'pagerduty', secret }, topics: [] };
const chat: ToLookAt = { endpoint: 'chat', one: { kind: 'slack', secret, channel: 'C1' }, topics: [] };
const q: ToLookAt = { endpoint: 'q', one: { kind: 'amazon-q', workspace: 'T1', channel: 'C1' }, topics: [] };
const mail: ToLookAt = { endpoint: 'mail', one: { kind: 'email', parameter: '/mail' }, topics: ['warning'] };

const lookAt = async (toLookAt: readonly ToLookAt[], change: Partial<LookPorts> = {}) => {
  const { asked, ports } = openPorts(change);
  const found = await fetchChannels(toLookAt, ports);
  return { found, asked: asked.toSorted() };
};

describe('a look', () => {
  test('asks for each topic, and for the account, once', async () => {
    const { asked } = await lookAt([...phones, mail]);
    expect(asked).toEqual([
      'address boss',
      'address mail',
      'address sms',
      'list critical',
      'list emergency',
      'list warning',
      'opted out +15550100',
      'opted out +15550100',
      'sandbox',
    ]);
  });

  test('asks which numbers are verified in the sandbox alone', async () => {
    const { found, asked } = await lookAt(phones, { fetchIsInSmsSandbox: async () => true });
    expect(asked.filter((one) => one === 'verified')).toHaveLength(1);
    expect(found[0]).toMatchObject({ sms: { sandbox: { value: { isIn: true, verified: ['+15550100'] } } } });
  });

  test('asks SNS about no number that it could not know', async () => {
    for (const address of ['0555 0100', '', 'ops@example.com']) {
      const { found, asked } = await lookAt(phones, { fetchAddress: async () => address });
      expect(asked.join()).not.toContain('opted out');
      expect(found[0]).not.toHaveProperty('sms.optedOut');
    }
  });

  test('asks a pager for incidents where something of its secret reads them', async () => {
    expect((await lookAt([pager])).asked).toEqual(['incidents pager', 'secret pager']);
    const without = await lookAt([pager], { fetchPagerSecret: async () => ({ hasRest: false }) });
    expect(without.asked).toEqual([]);
    expect(without.found).toEqual([
      { endpoint: 'pager', kind: 'pagerduty', secret: { isKnown: true, value: { hasRest: false } } },
    ]);
  });

  test('finds each endpoint with what it answered', async () => {
    const { found } = await lookAt([pager, chat, q, mail]);
    expect(found).toMatchObject([
      { endpoint: 'pager', rest: { value: 'taken' } },
      { endpoint: 'chat', secret: { value: 'read' }, look },
      { endpoint: 'q', subscriptions: { value: [subscription()] } },
      { endpoint: 'mail', topics: [{ name: 'warning', subscriptions: { value: [subscription()] } }] },
    ]);
  });

  test.each<[string, Partial<LookPorts>, ToLookAt, object]>([
    ['the address', { fetchAddress: denied('ssm:GetParameter') }, mail, { address: { isKnown: false } }],
    [
      'a topic',
      { fetchSubscriptions: denied('sns:ListSubscriptionsByTopic') },
      mail,
      { topics: [{ subscriptions: { isKnown: false } }] },
    ],
    [
      'Amazon Q’s topic',
      { fetchSubscriptions: denied('sns:ListSubscriptionsByTopic') },
      q,
      { subscriptions: { isKnown: false } },
    ],
    [
      'a secret',
      { fetchPagerSecret: denied('secretsmanager:GetSecretValue') },
      pager,
      { secret: { isKnown: false, failure: 'denied' } },
    ],
    ['a pager', { fetchNoIncident: denied('pagerduty:incidents') }, pager, { rest: { isKnown: false } }],
    ['a bot', { fetchSlackLook: denied('secretsmanager:GetSecretValue') }, chat, { secret: { isKnown: false } }],
  ])('does not know what %s would not say, and knows the rest', async (_what, change, one, expected) => {
    const { found } = await lookAt([one, ...phones.slice(0, 1)], change);
    expect(found[0]).toMatchObject(expected);
    expect(found[1]).toMatchObject({ sms: { sandbox: { isKnown: true } } });
  });

  test('that meets a mistake of ours ends with it', async () => {
    const broken = () => Promise.reject(new TypeError('mistake'));
    await expect(lookAt([mail], { fetchAddress: broken })).rejects.toThrow('mistake');
  });
});

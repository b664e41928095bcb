import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asStored } from '../../../../shared/acting/case.ts';
import { partSeptets, septetsOf } from '../../../../shared/telling/channels/gsm.ts';
import { planTopicMessage } from '../../../../shared/telling/channels/topic-message.ts';
import { escapeClusterText } from '../../../../shared/text/cluster-text.ts';
import { redactRecord, redactText, redactValue } from '../../../../shared/text/redaction.ts';
import { cases } from '../../../support/depth.ts';
import { kafkaName, namesLikeSecrets } from '../../../support/names.ts';
import { page } from '../../../support/telling/page.ts';

const glue = (...parts: string[]): string => parts.join('');
const topic = kafkaName;
/** Groups, clients and principals: spaces, quotes, controls, letters from right to left. */
const anyName = fc.oneof(
  topic,
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  fc.constantFrom(
    'team="a" \u202eabc\u0007',
    'User:CN=svc,O=Acme',
    'قائمة الطلبات',
    'ops@example.com',
    '+1 555 0100 123',
  ),
);

const findingOf = (kind: 'topic' | 'group', name: string) => ({
  check: 'critical-topic',
  subject: `${kind} ${name}`,
  severity: 'critical' as const,
  message: `Critical ${kind} ${name} does not exist.`,
  evidence: { [kind]: name, [`${kind}s`]: [name] },
});

describe('any name that Kafka takes is told by the letter', () => {
  test.each(['topic', 'group'] as const)('of a %s: in a report, on the bus and in the log', (kind) => {
    fc.assert(
      fc.property(kind === 'topic' ? topic : anyName, (name) => {
        const finding = findingOf(kind, name);
        const changes = [{ kind: 'opened', key: `critical-topic|${kind} ${name}`, severity: 'critical' }];
        const document = { decision: { changes }, findings: [finding] };
        expect(redactRecord(document)).toEqual(document);
        // A log line has the changes alone.
        expect(redactRecord({ decision: { changes } })).toEqual({ decision: { changes } });
        expect(redactValue(finding)).toEqual(finding);
      }),
    );
  });

  test('of clients, principals, topics and groups: in a record of the audit and in a request for approval', () => {
    fc.assert(
      fc.property(topic, anyName, anyName, anyName, (topicName, groupId, clientId, principal) => {
        const target = { topic: topicName, groupId, clientId, principal };
        const record = { target, plan: { message: `cut topic ${topicName}`, evidence: { topics: [topicName] } } };
        const stored = asStored(record);
        expect(stored).toEqual(record);
        // The store does the same again.
        expect(redactValue(stored)).toEqual(record);
      }),
    );
  });

  test('of a topic: in a page, whose subject and SMS stay within their limits', () => {
    fc.assert(
      fc.property(topic, anyName, (name, group) => {
        const facts = [findingOf('topic', name), findingOf('group', group)].map(({ subject, message }) => ({
          ...{ text: `${subject}: ${message}`, source: 'brokers' },
        }));
        const told = page({ title: `critical topic ${name} does not exist`, facts, names: [name, group] });
        const where = {
          topic: 'critical',
          endpoints: ['team-mail', 'phone'],
          procedure: 'incident',
          key: '1',
        } as const;
        const { subject, message } = planTopicMessage(told, where);
        const { email, sms } = JSON.parse(message);
        for (const shown of [name, group].map((each) => escapeClusterText(each, 100).replace(/…$/, ''))) {
          expect(email).toContain(shown);
        }
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(septetsOf(sms)).toBeLessThanOrEqual(partSeptets);
      }),
    );
  });
});

test('what is said beside a name is redacted still', () => {
  const password = glue('hunter', '2');
  const [camelCase = ''] = namesLikeSecrets;
  const record = { target: { topic: camelCase }, message: `${camelCase}: password=${password}` };
  expect(redactValue(record)).toEqual({ ...record, message: `${camelCase}: password=[redacted]` });
});

describe('a name in a sentence', () => {
  const password = glue('hunter', '2');

  test.each([
    ['behind which a colon stands', 'payment-token', 'topic payment-token: first look at its ends'],
    ['that is short', 'token', 'topic token: first look at its ends'],
    ['of a partition', '100-200', '1 partition without a leader: 100-200-3000.'],
    ['at the end', glue('AKIA', 'ORDERSPAYMENTS'), `There is no ${glue('AKIA', 'ORDERSPAYMENTS')}.`],
    ['in brackets', '0912345678', 'two topics (0912345678, orders)'],
    ['that is all of it', glue('+1 555', ' 0100 123'), glue('+1 555', ' 0100 123')],
  ])('%s is left, with what stands around it', (_name, name, text) => {
    expect(redactText(text)).not.toBe(text);
    expect(redactText(text, [name])).toBe(text);
  });

  test.each([
    ['that is a password', password.padEnd(8, '2'), `password=${password.padEnd(8, '2')}`, 'password=[redacted]'],
    ['that is called so', 'password', `password=${password}`, 'password=[redacted]'],
    ['that is a part of an address', 'ops-team', 'page ops-team@example.com', 'page [redacted e-mail]'],
    ['that is a part of a number', '15550100123', 'call +15550100123', 'call [redacted telephone]'],
    ['that is a part of a token', 'orders-events', glue('xoxb', '-orders-events-1234'), '[redacted token]'],
    ['that is a word of a number', '555', 'call +1 555 010 0123', 'call [redacted telephone]'],
  ])('hides no secret %s', (_name, name, text, redacted) => {
    expect(redactText(text, [name])).toBe(redacted);
  });

  test('a text without secrets comes back as it was, whatever is named, and a secret beside names is gone', () => {
    const words = fc.array(fc.oneof(topic, fc.constantFrom('of', 'and', 'topic', 'partition')), { maxLength: 8 });
    fc.assert(
      fc.property(words, fc.array(anyName, { maxLength: 5 }), (said, others) => {
        const names = [...said, ...others].toSorted((left, right) => right.length - left.length);
        const sentence = said.join(', ');
        expect(redactText(sentence, names)).toBe(sentence);
        expect(redactText(`${sentence}: password=${password}x`, names)).not.toContain(password);
      }),
      cases(300, 5_000),
    );
  });
});

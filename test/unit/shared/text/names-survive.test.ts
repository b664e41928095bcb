import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asStored } from '../../../../shared/acting/case.ts';
import { planNotice } from '../../../../shared/telling/notice.ts';
import { escapeClusterText } from '../../../../shared/text/cluster-text.ts';
import { redactRecord, redactValue } from '../../../../shared/text/redaction.ts';

const glue = (...parts: string[]): string => parts.join('');
/** Names that look like what is no name. */
const suspicious = [
  glue('CustomerAccountStatement', 'GeneratedEventV2'),
  glue('0123456789abcdef', '0123456789abcdef'),
  glue('xoxb', '-orders-events-v1'),
  glue('AKIA', 'ORDERSPAYMENTS'),
  '100-200-3000',
  '0912345678',
];
const topic = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/),
  fc.stringMatching(/^[a-zA-Z0-9]{40}$/),
  fc.constantFrom(...suspicious),
);
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

  test('of a topic: in a notice, whose subject and SMS stay within their limits', () => {
    fc.assert(
      fc.property(topic, anyName, (name, group) => {
        const findings = [findingOf('topic', name), findingOf('group', group)];
        const { subject, message } = planNotice({
          severity: 'critical',
          cluster: 'orders',
          procedure: 'cluster-health',
          runId: 'run-1',
          atMs: 0,
          headline: `Critical topic ${name} does not exist.`,
          findings,
          runbook: 'docs/runbook/cluster-health.md',
          contacts: [],
        });
        const { email, sms, https } = JSON.parse(message);
        for (const shown of [name, group].map((each) => escapeClusterText(each, 200).replace(/…$/, ''))) {
          expect(email).toContain(shown);
          expect(JSON.stringify(JSON.parse(https))).toContain(JSON.stringify(shown).slice(1, -1));
        }
        expect(subject).toContain(`topic ${escapeClusterText(name)}`.slice(0, 40));
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(sms.length).toBeLessThanOrEqual(140);
      }),
    );
  });
});

test('what is said beside a name is redacted still', () => {
  const password = glue('hunter', '2');
  const record = { target: { topic: suspicious[0] }, message: `${suspicious[0]}: password=${password}` };
  expect(redactValue(record)).toEqual({ ...record, message: `${suspicious[0]}: password=[redacted]` });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { severities } from '../../../../shared/core/finding.ts';
import { messageBytes, type Notice, planNotice } from '../../../../shared/telling/notice.ts';

const notice = (fields: Partial<Notice> = {}): Notice => ({
  severity: 'critical',
  cluster: 'orders',
  procedure: 'cluster-health',
  runId: 'run-1',
  atMs: Date.UTC(2026, 2, 1, 9),
  headline: 'broker 2 does not answer',
  findings: [
    { check: 'disk-used', subject: 'broker 1', severity: 'warning', message: 'Disk 81 % used.' },
    { check: 'broker-answers', subject: 'broker 2', severity: 'critical', message: 'No answer within 5 s.' },
  ],
  runbook: 'docs/runbook/cluster-health.md',
  contacts: ['on-call engineer'],
  reportKey: 'reports/cluster-health/orders/2026/03/01/090000-run-1.json',
  ...fields,
});
const messagesOf = (fields?: Partial<Notice>): Record<string, string> => JSON.parse(planNotice(notice(fields)).message);

describe('a notice', () => {
  test('says in an e-mail what happened, worst first, what to do, whom to call and where the report is', () => {
    expect(messagesOf().email?.split('\n')).toEqual([
      '[CRITICAL] orders: broker 2 does not answer',
      '',
      'broker 2 does not answer',
      '- critical: broker 2: No answer within 5 s.',
      '- warning: broker 1: Disk 81 % used.',
      '',
      'What to do: docs/runbook/cluster-health.md',
      'Whom to call: on-call engineer',
      'Report: reports/cluster-health/orders/2026/03/01/090000-run-1.json',
      'Run run-1 of cluster-health at 2026-03-01T09:00:00.000Z',
    ]);
    expect(messagesOf().default).toBe(messagesOf().email);
  });

  test('is one short line on a telephone', () => {
    expect(messagesOf().sms).toBe('[CRITICAL] orders: broker 2 does not answer (2 findings)');
    expect(messagesOf({ headline: 'x'.repeat(500) }).sms?.length).toBeLessThanOrEqual(140);
  });

  test('is JSON for programs', () => {
    expect(JSON.parse(messagesOf().https ?? '')).toMatchObject({
      version: 1,
      severity: 'critical',
      at: '2026-03-01T09:00:00.000Z',
      findings: [{ check: 'broker-answers' }, { check: 'disk-used' }],
      hiddenCount: 0,
    });
  });

  test('with more findings than anybody reads shows the worst and counts the rest', () => {
    const findings = Array.from({ length: 500 }, (_item, index) => ({
      check: 'lag',
      subject: `group ${index}`,
      severity: index === 499 ? ('emergency' as const) : ('warning' as const),
      message: 'behind',
    }));
    const lines = messagesOf({ findings }).email?.split('\n') ?? [];
    expect(lines[3]).toBe('- emergency: group 499: behind');
    expect(lines).toContain('- and 450 more');
  });

  test('cannot be given a line, a mention or a link by a name', () => {
    const subject = 'group x\n- ok: cluster: all well @here <https://evil.example|click>';
    const text = messagesOf({ findings: [{ check: 'lag', subject, severity: 'warning', message: 'm' }] }).email ?? '';
    expect(text).not.toMatch(/^- ok/m);
    expect(text).not.toMatch(/@|<|:\/\//);
  });

  test('carries no secret that a message happened to quote', () => {
    const findings = [
      {
        check: 'x',
        subject: 'y',
        severity: 'warning' as const,
        message: 'login with password=hunter2, call +1 555 010 0123',
      },
    ];
    expect(planNotice(notice({ findings, headline: 'token AKIAIOSFODNN7EXAMPLE' })).message).not.toMatch(
      /hunter2|0123|AKIA/,
    );
  });

  test('keeps to the limits of SNS whatever it is about', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\uFFFE', 'billing\uFFFF', '\uD800'),
      fc.string({ unit: 'binary' }).map((piece) => `${piece}日\n"\\`.repeat(400)),
    );
    const finding = fc.record({
      check: fc.constant('lag'),
      subject: text,
      severity: fc.constantFrom(...severities),
      message: text,
    });
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(finding, { maxLength: 60, size: 'max' }),
        fc.array(text, { maxLength: 40 }),
        (headline, cluster, findings, contacts) => {
          const planned = planNotice(notice({ headline, cluster, findings, contacts }));
          expect(planned.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
          expect(Buffer.byteLength(planned.message)).toBeLessThanOrEqual(messageBytes);
          const messages: Record<string, string> = JSON.parse(planned.message);
          expect(messages.default).toBeTruthy();
          expect(messages.sms?.length).toBeLessThanOrEqual(140);
          // The characters that SNS takes (Amazon SNS FAQs): XML's.
          for (const message of Object.values(messages))
            expect(message).toMatch(/^[\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
        },
      ),
      { numRuns: 25 },
    );
  });
});

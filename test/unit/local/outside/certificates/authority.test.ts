import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeAuthority } from '../../../../../local/outside/certificates/authority.ts';

describe('an authority', () => {
  const authority = makeAuthority();
  const root = new X509Certificate(authority.certificate);
  const host = new X509Certificate(authority.issue('events.pagerduty.com').cert);

  test('signs itself, and hosts that are no authorities', () => {
    expect([root.ca, root.checkIssued(root), root.verify(root.publicKey)]).toEqual([true, true, true]);
    expect([host.ca, host.checkIssued(root), host.verify(root.publicKey)]).toEqual([false, true, true]);
    expect(host.verify(new X509Certificate(makeAuthority().certificate).publicKey)).toBe(false);
  });

  test('issues for one name, with its key', () => {
    const { key, cert } = authority.issue('events.pagerduty.com');
    expect(host.subjectAltName).toBe('DNS:events.pagerduty.com');
    expect(host.checkHost('pagerduty.com')).toBeUndefined();
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(host.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('issues once a name', () => {
    expect(authority.issue('slack.com')).toBe(authority.issue('slack.com'));
    expect(new X509Certificate(authority.issue('slack.com').cert).serialNumber).not.toBe(host.serialNumber);
  });

  test.each(['2026-11-28T09:00:00Z', '2049-12-30T00:00:00Z', '2050-06-01T00:00:00Z'])(
    'made at %s holds from a day before for a week',
    (now) => {
      const nowMs = Date.parse(now);
      const { validFromDate, validToDate } = new X509Certificate(makeAuthority(nowMs).issue('slack.com').cert);
      expect([validFromDate.getTime() - nowMs, validToDate.getTime() - nowMs]).toEqual([-86_400_000, 7 * 86_400_000]);
    },
  );

  test('takes a name as long as DNS allows', () => {
    const long = [...Array.from({ length: 3 }, () => 'a'.repeat(63)), 'b'.repeat(57), 'org'].join('.');
    expect(new X509Certificate(authority.issue(long).cert).checkHost(long)).toBe(long);
  });
});

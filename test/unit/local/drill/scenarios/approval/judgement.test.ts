import { describe, expect, test } from 'vitest';
import {
  keptDecisionOf,
  leaksIn,
  rewritten,
  secretsOf,
  sizeAskedFor,
} from '../../../../../../local/drill/scenarios/approval/judgement.ts';
import { digestOfAnswer, digestOfRequest, documentOf } from '../../../../../../shared/durable/approval-digest.ts';
import { proofBy } from '../../../../../support/durable/proof.ts';
import { approvalRequest } from '../../../../../support/durable/request.ts';

const plan = {
  action: 'expand',
  reason: 'above-threshold',
  message: 'Volumes grow from 50 to 150 GiB.',
  evidence: { volumeGiB: 50, toGiB: 150 },
};
const asked = documentOf(approvalRequest({ plan }), 'callback+id/of=the==run');

describe('a request that somebody rewrites', () => {
  const changed = rewritten(asked, 900);

  test('asks for another size in words and numbers, fits together, and is another request', () => {
    expect(changed.plan.message).toBe('Volumes grow from 50 to 900 GiB.');
    expect([sizeAskedFor(asked), sizeAskedFor(changed)]).toEqual([150, 900]);
    expect(changed.digest).toBe(digestOfRequest(changed));
    const [one, other] = [asked, changed].map((each) => digestOfAnswer(each, { decision: 'approved' }));
    expect(one).not.toBe(other);
  });

  test('is the same in all else', () => {
    expect({ ...changed, plan: asked.plan, digest: asked.digest }).toEqual(asked);
  });

  test('names no size where its plan has none', () => {
    expect(sizeAskedFor({ plan: { ...plan, evidence: {} } })).toBeUndefined();
  });
});

describe('a decision in the audit', () => {
  const approval = { by: 'arn:bob', atMs: 5, digest: 'd', isProven: true, comment: 'yes' };
  const record = { approval, target: { toGiB: 150 }, end: { decision: 'acted' } };

  test('is read with who, size, digest, comment and end', () => {
    const kept = { by: 'arn:bob', isProven: true, isRefused: false, digest: 'd', comment: 'yes' };
    expect(keptDecisionOf(record)).toEqual({ ...kept, end: 'acted', toGiB: 150 });
  });

  test('is a no where it says so, and proven only where it says so', () => {
    const { isProven: _, ...unproven } = approval;
    const kept = keptDecisionOf({ approval: { ...unproven, isRefused: true } });
    expect(kept).toMatchObject({ isRefused: true, isProven: false, end: undefined });
  });

  test.each([[undefined], ['text'], [{}], [{ ...record, approval: {} }]])('is nothing else: %j', (document) => {
    expect(keptDecisionOf(document)).toBeUndefined();
  });
});

describe('what may be seen nowhere', () => {
  const proof = proofBy('arn:bob', 'digest');
  const secrets = secretsOf([asked], [proof]);
  const signature = proof.authorization.slice(-64);
  const at = (text: string) => leaksIn([{ where: 'the log', text }], secrets);

  test.each([
    ['the id of a callback', `answer ${asked.callbackId}!`, 'the id of a callback'],
    ['one in an address', `/callbacks/${encodeURIComponent(asked.callbackId)}/succeed`, 'the id of a callback'],
    ['a signature', `Signature=${signature}`, 'a signature'],
    ['a session token', '"x-amz-security-token":"arn:bob"', 'a session token'],
  ])('is found: %s', (_name, text, what) => {
    expect(at(text)).toEqual([`the log: ${what}`]);
  });

  test('is named once a place and kind, and nothing else is', () => {
    expect(at(`${signature} ${signature}`)).toHaveLength(1);
    expect(at(`digest ${asked.digest}, ${asked.id}`)).toEqual([]);
    expect(secretsOf([], [{ authorization: proof.authorization, 'x-amz-date': proof['x-amz-date'] }])).toEqual([
      { what: 'a signature', text: signature },
    ]);
  });
});

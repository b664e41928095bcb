import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ApprovalAnswer, longestComment } from '../../../../shared/durable/approval.ts';
import { digestOfAnswer, documentOf } from '../../../../shared/durable/approval-digest.ts';
import { judgeAnswer } from '../../../../shared/durable/approval-judgement.ts';
import { redactText } from '../../../../shared/text/redaction.ts';
import { cases } from '../../../support/depth.ts';
import { answerTo, proveByName } from '../../../support/durable/proof.ts';
import { approvalRequest } from '../../../support/durable/request.ts';

const carol = 'arn:aws:iam::111122223333:user/carol';
const nowMs = Date.UTC(2026, 0, 14, 12);
const asked = documentOf(approvalRequest({ initiator: 'forecast' }), 'callback/+=1');
const judge = { approverPrincipals: [carol], prove: proveByName };
const judged = (payload: string, request = asked) => judgeAnswer(payload, request, judge, () => nowMs);

const secrets = [
  'password=hunter2hunter2',
  'AKIAIOSFODNN7EXAMPLE',
  'Authorization: Bearer abcdefghijklmnop',
  'cookie =  a=b',
  'sasl.jaas.config:   x',
];
const comments = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...secrets, 'é', 'e\u0301', '\ud800', '\u202e'),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => redactText(parts.join(' ')))
  .filter((comment) => comment !== '' && comment.length <= longestComment);
const decisions = fc.constantFrom('approved' as const, 'refused' as const);

test('a comment of any letters arrives by the letter, and what is kept has the digest that was signed', async () => {
  await fc.assert(
    fc.asyncProperty(comments, decisions, async (comment, decision) => {
      const said = answerTo(asked, { decision, by: carol, comment });
      const outcome = await judged(JSON.stringify(said));
      expect(outcome).toEqual({ outcome: decision, by: carol, atMs: nowMs, digest: said.digest, comment });
      expect(digestOfAnswer(asked, { decision, comment })).toBe(said.digest);
    }),
    cases(500, 20_000),
  );
});

test.each([
  ['another form of the same letter', 'caf\u00e9', 'cafe\u0301'],
  ['a letter that looks alike', 'alice', '\u0430lice'],
  ['no comment', 'yes', undefined],
  ['a space more', 'yes', 'yes '],
])('a comment that became %s on its way is another answer', async (_name, comment, later) => {
  const { comment: _said, ...said } = answerTo(asked, { decision: 'approved', by: carol, comment });
  const sent: ApprovalAnswer = { ...said, ...(later !== undefined && { comment: later }) };
  expect(await judged(JSON.stringify(sent))).toEqual({ outcome: 'void', because: 'other-request' });
});

test('an answer counts for the request and the callback that it was given to, and for no other of the same look', async () => {
  const { digest: _digest, callbackId: _id, version: _version, expiresAtMs, ...same } = asked;
  const request = { ...same, timeoutMs: expiresAtMs - asked.requestedAtMs };
  const payload = JSON.stringify(answerTo(asked, { decision: 'approved', by: carol }));
  expect(await judged(payload, documentOf(request, asked.callbackId))).toMatchObject({ outcome: 'approved' });
  const others = [
    documentOf(request, 'callback/+=2'),
    documentOf({ ...request, configuration: 'f'.repeat(64) }, asked.callbackId),
    documentOf({ ...request, approvers: ['arn:aws:iam::111122223333:user/bob'] }, asked.callbackId),
    documentOf({ ...request, yesesNeeded: 2 }, asked.callbackId),
    documentOf({ ...request, mayInitiatorApprove: !request.mayInitiatorApprove }, asked.callbackId),
    documentOf({ ...request, isInitiatorProven: !request.isInitiatorProven }, asked.callbackId),
    documentOf({ ...request, timeoutMs: request.timeoutMs + 1 }, asked.callbackId),
    documentOf(
      { ...request, plan: { ...request.plan, evidence: { ...request.plan.evidence, toGiB: 999 } } },
      asked.callbackId,
    ),
  ];
  for (const other of others)
    expect(await judged(payload, other)).toEqual({ outcome: 'void', because: 'other-request' });
});

test('the longest comment, escaped as long as JSON can, beside the longest token is still read', async () => {
  const said = answerTo(asked, { decision: 'refused', by: carol, comment: '\u0001'.repeat(longestComment) });
  expect(await judged(JSON.stringify(said))).toMatchObject({ outcome: 'refused' });
  const long = { ...said, proof: { ...said.proof, 'x-amz-security-token': 'x'.repeat(8_192) } };
  expect(await judged(JSON.stringify(long))).toMatchObject({ because: 'unproven' });
  const longer = { ...said, comment: 'x'.repeat(longestComment + 1) };
  expect(await judged(JSON.stringify(longer))).toEqual({ outcome: 'void', because: 'unreadable' });
});

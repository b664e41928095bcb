import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { approvalDocument, approvalKey, encodeApproval, unnamedPerson } from '../../../../shared/durable/approval.ts';
import { digestOfAnswer, digestOfRequest, documentOf } from '../../../../shared/durable/approval-digest.ts';
import { type ApprovalJudge, countYesesNeeded, judgeAnswer } from '../../../../shared/durable/approval-judgement.ts';
import { redactValue } from '../../../../shared/text/redaction.ts';
import { cases } from '../../../support/depth.ts';
import { answerTo, proofBy, proveByName } from '../../../support/durable/proof.ts';
import { approvalRequest } from '../../../support/durable/request.ts';
import { kafkaName, namesLikeSecrets } from '../../../support/names.ts';

const session = (name: string) => `arn:aws:sts::111122223333:assumed-role/on-call/${name}`;
const judge: ApprovalJudge = {
  approverPrincipals: ['arn:aws:iam::111122223333:role/on-call', 'arn:aws:iam::111122223333:user/team/alice'],
  prove: proveByName,
};
const heardAtMs = Date.UTC(2026, 0, 14, 12, 20);
const judged = (payload: string | undefined, asked = documentOf(approvalRequest(), 'callback-1'), more = {}) =>
  judgeAnswer(payload, asked, { ...judge, ...more }, () => heardAtMs);
const asked = documentOf(approvalRequest(), 'callback-1');
const yes = (by: string, to = asked) => JSON.stringify(answerTo(to, { decision: 'approved', by }));

describe('a yes', () => {
  test('of a proven approver is one, from the moment the run heard it, with its digest and its comment', async () => {
    const answer = answerTo(asked, { decision: 'approved', by: session('bob'), comment: 'before the weekend' });
    expect(await judged(JSON.stringify(answer))).toEqual({
      outcome: 'approved',
      by: session('bob'),
      atMs: heardAtMs,
      digest: digestOfAnswer(asked, answer),
      comment: 'before the weekend',
    });
  });

  test.each([
    ['mskeeper/orders/storage-scaling/disk/warning', session('bob'), 'approved'],
    ['arn:aws:iam::111122223333:user/alice', session('bob'), 'approved'],
    ['arn:aws:iam::111122223333:user/alice', session('alice'), 'void'],
    [session('alice'), session('ALICE@example.com'), 'void'],
    [session('alice'), 'arn:aws:iam::111122223333:user/team/alice', 'void'],
    [session('alice'), session('alice2'), 'approved'],
    ['alice', session('alice'), 'void'],
    [unnamedPerson, session('bob'), 'approved'],
  ])('to what %s set going, by %s: %s', async (initiator, by, outcome) => {
    const to = (mayInitiatorApprove: boolean) =>
      documentOf(approvalRequest({ initiator, mayInitiatorApprove }), 'callback-1');
    expect(await judged(yes(by, to(false)), to(false))).toMatchObject({
      outcome,
      ...(outcome === 'void' && { because: 'initiator', by }),
    });
    expect((await judged(yes(by, to(true)), to(true))).outcome).toBe('approved');
  });

  test('counts once for each person', async () => {
    const to = documentOf(approvalRequest({ approvers: [session('bob')], yesesNeeded: 2 }), 'callback-2');
    expect(await judged(yes(session('Bob@example.com'), to), to)).toMatchObject({ because: 'approved-before' });
    expect(await judged(yes(session('carol'), to), to)).toMatchObject({ outcome: 'approved', by: session('carol') });
  });

  test('of somebody whom the configuration does not name is none, and neither is his no', async () => {
    const stranger = 'arn:aws:sts::111122223333:assumed-role/on-call-2/bob';
    for (const decision of ['approved', 'refused'] as const) {
      const answer = JSON.stringify(answerTo(asked, { decision, by: stranger }));
      expect(await judged(answer)).toEqual({ outcome: 'void', because: 'stranger', by: stranger });
    }
  });

  test('is nothing but a well-formed one: any other answer counts for nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.constant(undefined)), async (payload) => {
        expect(await judged(payload)).toEqual({ outcome: 'void', because: 'unreadable' });
      }),
    );
    expect(await judged(`${yes(session('bob'))}${' '.repeat(20_000)}`)).toMatchObject({ because: 'unreadable' });
    expect(await judged(yes(session('bob')).padEnd(20_001))).toMatchObject({ because: 'unreadable' });
    expect(await judged(yes(session('bob')).padEnd(20_000))).not.toMatchObject({ because: 'unreadable' });
  });

  test('STS that says nothing is an error, and never a yes', async () => {
    const prove = async () => {
      throw new DependencyError('sts:GetCallerIdentity', 'unreachable', 'unreachable: STS gave no answer');
    };
    await expect(judged(yes(session('bob')), asked, { prove })).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

describe('a no', () => {
  test('is heard from everybody who may answer, the initiator among them, and its words come in without secrets', async () => {
    const password = ['hunter', '2'].join('');
    const comment = `no, password=${password}`;
    const answer = answerTo(asked, { decision: 'refused', by: session('alice'), comment });
    expect(await judged(JSON.stringify(answer))).toEqual({
      outcome: 'refused',
      by: session('alice'),
      atMs: heardAtMs,
      digest: answer.digest,
      comment: 'no, password=[redacted]',
    });
  });
});

test.each([
  [true, true, 1],
  [true, false, 1],
  [false, true, 1],
  [false, false, 2],
] as const)('the initiator may approve: %s, is proven: %s: %i must say yes', (may, isProven, count) => {
  expect(countYesesNeeded(may, isProven)).toBe(count);
});

/** Everything that an attacker can put into an answer or under an approver’s eyes, each another request than the run’s own. */
describe('no answer is a yes but an untouched one to exactly what was asked', () => {
  const bob = session('bob');
  const others = {
    'another callback': documentOf(approvalRequest(), 'callback-2'),
    'another cluster': documentOf(approvalRequest({ cluster: 'billing' }), 'callback-1'),
    'another size': documentOf(
      approvalRequest({ plan: { ...approvalRequest().plan, evidence: { usedPercent: 91 } } }),
      'callback-1',
    ),
    'other words': documentOf(
      approvalRequest({ plan: { ...approvalRequest().plan, message: 'Add 10 GiB.' } }),
      'callback-1',
    ),
    'another configuration': documentOf(approvalRequest({ configuration: 'f'.repeat(64) }), 'callback-1'),
    'another initiator': documentOf(
      approvalRequest({ initiator: 'mskeeper/orders/storage-scaling/disk' }),
      'callback-1',
    ),
    'another rule for the initiator': documentOf(approvalRequest({ mayInitiatorApprove: true }), 'callback-1'),
    'another end': documentOf(approvalRequest({ timeoutMs: 60_000 }), 'callback-1'),
  };
  test.each(Object.entries(others))('%s was shown to the approver', async (_name, shown) => {
    expect(await judged(yes(bob, shown))).toEqual({ outcome: 'void', because: 'other-request' });
    // The digest of the run’s own request beneath somebody’s true signature over the other one.
    const answer = {
      ...answerTo(shown, { decision: 'approved', by: bob }),
      digest: answerTo(asked, { decision: 'approved', by: bob }).digest,
    };
    expect(await judged(JSON.stringify(answer))).toMatchObject({ outcome: 'void', because: 'unproven' });
  });

  test('a no turned into a yes, a comment changed, a digest of nobody', async () => {
    const no = answerTo(asked, { decision: 'refused', by: bob });
    expect(await judged(JSON.stringify({ ...no, decision: 'approved' }))).toMatchObject({ because: 'other-request' });
    const right = answerTo(asked, { decision: 'approved', by: bob }).digest;
    expect(await judged(JSON.stringify({ ...no, decision: 'approved', digest: right }))).toMatchObject({
      because: 'unproven',
    });
    const said = answerTo(asked, { decision: 'approved', by: bob, comment: 'if quiet' });
    expect(await judged(JSON.stringify({ ...said, comment: 'go' }))).toMatchObject({ because: 'other-request' });
  });

  test('whatever letter of an answer is changed, left out or added', async () => {
    const untouched = await judged(yes(bob));
    expect(untouched.outcome).toBe('approved');
    const answer = answerTo(asked, { decision: 'approved', by: bob });
    const fields = ['version', 'decision', 'digest', 'proof', 'comment', 'by', 'atMs', '__proto__'];
    const headers = ['authorization', 'Authorization', 'x-amz-date', 'x-amz-security-token', 'host', 'X-Amz-Date'];
    const value = fc.oneof(fc.string(), fc.jsonValue(), fc.constant(undefined));
    const change = fc.oneof(
      fc.record({ key: fc.constantFrom(...fields), value }).map(({ key, value: put }) => ({ ...answer, [key]: put })),
      fc
        .record({ key: fc.constantFrom(...headers), value })
        .map(({ key, value: put }) => ({ ...answer, proof: { ...answer.proof, [key]: put } })),
      fc.constantFrom(session('carol'), 'arn:aws:iam::111122223333:user/team/alice').map((by) => ({
        ...answer,
        proof: { ...answer.proof, 'x-amz-security-token': by },
      })),
      fc
        .constantFrom('callback-1', digestOfRequest(asked), '')
        .map((over) => ({ ...answer, proof: proofBy(bob, over) })),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        if (JSON.stringify(changed) === JSON.stringify(answer)) return;
        expect((await judged(JSON.stringify(changed))).outcome).toBe('void');
      }),
      cases(300, 50_000),
    );
  });
});

describe('the document of a request', () => {
  test('brings the callback id through the store’s redaction unharmed, whatever it looks like', () => {
    const lookalikes = [
      'aB3'.repeat(13).concat('x'),
      `AKIA${'A'.repeat(16)}`,
      `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}`,
    ];
    const id = fc.oneof(fc.base64String({ minLength: 1, maxLength: 300 }), fc.constantFrom(...lookalikes));
    fc.assert(
      fc.property(id, (callbackId) => {
        if (callbackId === '') return;
        const document = documentOf(approvalRequest(), callbackId);
        const stored: unknown = JSON.parse(JSON.stringify(redactValue(encodeApproval(document))));
        expect(approvalDocument.parse(stored)).toEqual(document);
      }),
      { numRuns: 1_000 },
    );
  });

  test('keeps who opened the run, who approved, topics and groups of its plan, by the letter', () => {
    const initiator = fc.oneof(kafkaName, fc.constantFrom(...namesLikeSecrets, session('0912345678')));
    fc.assert(
      fc.property(initiator, kafkaName, kafkaName, (by, topic, groupId) => {
        const plan = {
          action: 'cut-retention',
          reason: 'disk-full',
          message: `topic ${topic}: cut its retention, ${by} wants it, partition ${topic}-0 is read by ${groupId}.`,
          evidence: { topic, groupId, wantedGiB: 100 },
        };
        const request = approvalRequest({ initiator: by, plan, approvers: [session('alice@example.com')] });
        expect(documentOf(request, 'callback')).toMatchObject({ initiator: by, plan, approvers: request.approvers });
      }),
    );
  });

  test('has the digest of what approvers read, secrets left out: a run and a reader find the same', () => {
    const message = `Add 100 GiB, ${['password', 'hunter2'].join('=')} and ${'aB3'.repeat(13)}x.`;
    const document = documentOf(approvalRequest({ plan: { ...approvalRequest().plan, message } }), 'callback-1');
    expect(document.plan.message).toContain('password=[redacted]');
    const read = approvalDocument.parse(JSON.parse(JSON.stringify(redactValue(encodeApproval(document)))));
    expect(digestOfRequest(read)).toBe(document.digest);
  });

  test('has another digest for every field that is changed', () => {
    for (const [key, value] of Object.entries(asked)) {
      if (key === 'digest') continue;
      const changed = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : 'x';
      expect(digestOfRequest({ ...asked, [key]: changed })).not.toBe(asked.digest);
    }
  });
});

describe('what lies in approvals/ and what comes back', () => {
  const written = encodeApproval(asked);

  test('the request of one cluster lies in its folder, by its id', () => {
    expect(approvalKey('orders', asked.id)).toBe(`approvals/orders/${asked.id}.json`);
  });

  test.each<[string, object]>([
    ['another version', { version: 1 }],
    ['an id that is no part of a key', { id: 'a/b' }],
    ['no cluster', { cluster: '' }],
    ['no procedure', { procedure: '' }],
    ['no execution', { executionName: '' }],
    ['no initiator', { initiator: '' }],
    ['an approver without a name', { approvers: [''] }],
    ['no yes needed', { yesesNeeded: 0 }],
    ['three yeses needed', { yesesNeeded: 3 }],
    ['half a yes needed', { yesesNeeded: 1.5 }],
    ['a configuration that is no digest', { configuration: 'c' }],
    ['a time that is none', { requestedAtMs: -1 }],
    ['an end that is no time', { expiresAtMs: 0.5 }],
    ['no callback', { callbackIdParts: [] }],
    ['an empty part of a callback', { callbackIdParts: [''] }],
    ['a digest that is none', { digest: '' }],
    ['something more', { more: true }],
  ])('a request with %s is damaged', (_what, more) => {
    expect(approvalDocument.safeParse(written).success).toBe(true);
    expect(approvalDocument.safeParse({ ...written, ...more }).success).toBe(false);
  });

  test.each<[string, object]>([
    ['another version', { version: 1 }],
    ['another decision', { decision: 'perhaps' }],
    ['a comment of nothing', { comment: '' }],
    ['a comment of more than a thousand characters', { comment: 'x'.repeat(1001) }],
    ['a digest that is none', { digest: 'abc' }],
    ['no proof', { proof: {} }],
    ['something more', { by: 'alice' }],
  ])('an answer with %s counts for nothing', async (_what, more) => {
    const answer = answerTo(asked, { decision: 'approved', by: session('bob'), comment: 'x'.repeat(1000) });
    expect((await judged(JSON.stringify(answer))).outcome).toBe('approved');
    expect(await judged(JSON.stringify({ ...answer, ...more }))).toEqual({ outcome: 'void', because: 'unreadable' });
  });
});

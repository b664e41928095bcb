import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ApprovalDocument,
  type ApprovalRequest,
  approvalDocument,
  encodeApproval,
  unnamedPerson,
} from '../../../../shared/durable/approval.ts';
import { evaluateApproval } from '../../../../shared/durable/approval-judgement.ts';
import { redactValue } from '../../../../shared/text/redaction.ts';
import { kafkaName, namesLikeSecrets } from '../../../support/names.ts';

const requestBy = (initiator: string, mayInitiatorApprove = false): ApprovalRequest => ({
  plan: { action: 'expand', reason: 'above-critical', message: 'Add 100 GiB.', evidence: {} },
  initiator,
  mayInitiatorApprove,
  timeoutMs: 60_000,
});
const session = (name: string) => `arn:aws:sts::111122223333:assumed-role/mskeeper-orders-approver-eu-west-1/${name}`;
const yesBy = (by: string) => JSON.stringify({ decision: 'approved', by, atMs: 5 });

describe('a yes', () => {
  test.each([
    ['alarm mskeeper-orders-storage-scaling-disk', session('bob'), 'approved'],
    ['alice', session('bob'), 'approved'],
    ['alice', session('alice'), 'refused'],
    ['alice', session('ALICE@example.com'), 'refused'],
    ['alice', 'arn:aws:iam::111122223333:user/team/alice', 'refused'],
    [session('alice'), 'arn:aws:iam::111122223333:user/alice', 'refused'],
    [unnamedPerson, session('bob'), 'refused'],
  ])('to what %s set going, by %s: %s', (initiator, by, outcome) => {
    expect(evaluateApproval(yesBy(by), requestBy(initiator)).outcome).toBe(outcome);
    expect(evaluateApproval(yesBy(by), requestBy(initiator, true)).outcome).toBe('approved');
  });

  test('is nothing but a well-formed one: any other answer is a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.constant(undefined)), (payload) => {
        expect(evaluateApproval(payload, requestBy('alice', true)).outcome).toBe('refused');
      }),
    );
  });
});

describe('the document of a request', () => {
  const document = (callbackId: string): ApprovalDocument => ({
    version: 1,
    id: 'orders-storage-scaling-4-expand',
    cluster: 'orders',
    procedure: 'storage-scaling',
    executionName: 'orders-storage-scaling-4',
    initiator: 'alice',
    mayInitiatorApprove: false,
    requestedAtMs: 1,
    expiresAtMs: 2,
    plan: { action: 'expand', reason: 'above-critical', message: 'Add 100 GiB.', evidence: { usedPercent: 90 } },
    callbackId,
  });

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
        const stored: unknown = JSON.parse(JSON.stringify(redactValue(encodeApproval(document(callbackId)))));
        expect(approvalDocument.parse(stored)).toEqual(document(callbackId));
      }),
      { numRuns: 1_000 },
    );
  });

  test('keeps who opened the run, and topics and groups of its plan, by the letter', () => {
    const initiator = fc.oneof(kafkaName, fc.constantFrom(...namesLikeSecrets, session('0912345678')));
    fc.assert(
      fc.property(initiator, kafkaName, kafkaName, (by, topic, groupId) => {
        const plan = {
          action: 'cut-retention',
          reason: 'disk-full',
          message: `topic ${topic}: cut its retention, ${by} wants it, partition ${topic}-0 is read by ${groupId}.`,
          evidence: { topic, groupId, wantedGiB: 100 },
        };
        const asked = { ...document('callback'), initiator: by, plan };
        const stored: unknown = JSON.parse(JSON.stringify(redactValue(encodeApproval(asked))));
        expect(approvalDocument.parse(stored)).toEqual(asked);
      }),
    );
  });

  test('an answer’s own words come in without secrets, and its approver by the letter', () => {
    const password = ['hunter', '2'].join('');
    const by = session('0912345678');
    const no = JSON.stringify({ decision: 'refused', by, atMs: 5, comment: `no, password=${password}` });
    expect(evaluateApproval(no, requestBy('alice'))).toEqual({
      outcome: 'refused',
      because: 'person',
      by,
      atMs: 5,
      comment: 'no, password=[redacted]',
    });
  });
});

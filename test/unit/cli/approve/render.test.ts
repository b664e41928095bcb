import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderRequest } from '../../../../cli/approve/render.ts';
import type { ApprovalDocument } from '../../../../shared/durable/approval.ts';
import { cases } from '../../../support/depth.ts';
import { hostile, hostileName, hostileText } from '../../../support/hostile.ts';

const nowMs = Date.UTC(2026, 10, 28);
const request: ApprovalDocument = {
  version: 2,
  id: 'mskeeper-orders-3',
  cluster: 'orders',
  procedure: 'storage-scaling',
  executionName: 'orders-storage-scaling-3',
  initiator: 'alice',
  isInitiatorProven: true,
  mayInitiatorApprove: false,
  approvers: [],
  yesesNeeded: 1,
  configuration: 'c'.repeat(64),
  digest: 'd'.repeat(64),
  requestedAtMs: nowMs,
  expiresAtMs: nowMs + 3_600_000,
  plan: { action: 'expand', reason: 'above-threshold', message: 'Expand to 600 GiB.', evidence: { toGiB: 600 } },
  callbackId: 'power-to-answer',
};
const linesOf = (shown: ApprovalDocument, columns?: number): readonly string[] =>
  stripVTControlCharacters(renderRequest(shown, nowMs, true, undefined, columns)).split('\n');
const labelled = (lines: readonly string[], label: string) => lines.filter((line) => line.startsWith(`  ${label} `));

describe('what the approver reads', () => {
  test('is the plan, why, its numbers, and who set it going', () => {
    expect(linesOf(request)).toEqual([
      'mskeeper-orders-3  storage-scaling, 60 min left',
      '  plan          expand: Expand to 600 GiB.',
      '  why           above-threshold',
      '  toGiB         600',
      '  set going by  alice, who may not approve it',
      `  settings      ${'c'.repeat(64)}`,
      `  digest        ${'d'.repeat(64)}`,
      '  asked at      2026-11-28T00:00:00.000Z',
    ]);
  });

  test('cannot be rewritten by whoever set it going, nor by any field of the document', () => {
    const forged = {
      ...request,
      procedure: hostileName('procedure'),
      initiator: hostileName('bob'),
      plan: {
        action: hostileName('expand'),
        reason: hostileName('why'),
        message: hostileName('message'),
        evidence: { [hostileName('name')]: hostileName('value') },
      },
    };
    const lines = linesOf(forged);
    expect(lines).toHaveLength(linesOf(request).length);
    for (const line of lines) expect(line).not.toMatch(hostile);
    expect(lines[4]).toMatch(/^ {2}set going by\s+bob\\u\{1b\}.*, who may not approve it$/);
  });

  test('names its own facts once: a number that is called like one of them is quoted', () => {
    const evidence = {
      plan: 'none',
      why: 'all is well',
      'set going by': 'bob',
      'asked at': 'noon',
      'answered?': 'yes',
    };
    const lines = linesOf({ ...request, plan: { ...request.plan, evidence } });
    for (const label of ['plan', 'why', 'set going by', 'asked at']) expect(labelled(lines, label)).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('  "'))).toHaveLength(5);
    expect(labelled(lines, 'plan')[0]).toMatch(/expand: Expand to 600 GiB\.$/);
  });

  test('whatever words it has of its own, a number that is called like one of them is quoted', () => {
    const full = { ...request, approvers: ['carol'], yesesNeeded: 2, plan: { ...request.plan, evidence: {} } };
    const labelsOf = (shown: ApprovalDocument) =>
      renderRequest(shown, nowMs, false, 'nobody knows')
        .split('\n')
        .slice(1)
        .flatMap((line) => /^ {2}(\S+(?: \S+)*) {2,}/.exec(line)?.[1] ?? []);
    const own = labelsOf(full);
    expect(own).toContain('answered?');
    expect(own).toContain('four eyes');
    const evidence = Object.fromEntries(own.map((label) => [label, 'forged']));
    const forged = labelsOf({ ...full, plan: { ...full.plan, evidence } });
    expect(forged.filter((label) => !label.startsWith('"'))).toEqual(own);
    expect(forged.filter((label) => label.startsWith('"')).length).toBe(new Set(own).size);
  });

  test('stays in sight, however many or long the numbers are', () => {
    const evidence = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`n${index}`, 'x'.repeat(10_000)]));
    const lines = linesOf({ ...request, plan: { ...request.plan, evidence } });
    expect(lines).toHaveLength(38);
    for (const line of lines) expect(line.length).toBeLessThan(400);
    expect(lines.find((line) => line.includes('4970 more'))).toMatch(/--json shows them$/);
  });

  test('keeps its left edge on a terminal: nothing of a value begins a line there', () => {
    fc.assert(
      fc.property(
        fc.record({ initiator: hostileText, message: hostileText, name: hostileText, value: hostileText }),
        fc.integer({ min: 40, max: 200 }),
        ({ initiator, message, name, value }, columns) => {
          const plan = { ...request.plan, message, evidence: { [name]: value } };
          const lines = linesOf({ ...request, initiator, plan }, columns);
          for (const line of lines) expect(line).not.toMatch(hostile);
          for (const label of ['plan', 'why', 'set going by', 'asked at'])
            expect(labelled(lines, label)).toHaveLength(1);
          for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}(?:plan|why|set going by|asked at|[a-z]| |")/);
        },
      ),
      cases(300, 10_000),
    );
  });
});

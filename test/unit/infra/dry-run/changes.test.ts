import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeChanges, type PlannedChange } from '../../../../infra/dry-run/changes.ts';

const change = (action: string, more: Partial<PlannedChange> = {}): PlannedChange => ({
  action,
  logicalId: 'Bucket',
  type: 'AWS::S3::Bucket',
  ...more,
});
const told = (...changes: readonly PlannedChange[]): readonly string[] => describeChanges('mskeeper-orders', changes);

test('nothing changes', () => {
  expect(told()).toEqual(['mskeeper-orders: nothing would change.']);
});

test.each<[string, PlannedChange, string]>([
  ['removed', change('Remove', { policyAction: 'Delete' }), 'is deleted'],
  ['removed, of which CloudFormation does not say what becomes', change('Remove'), 'is deleted'],
  ['let go', change('Remove', { policyAction: 'Retain' }), 'leaves the stack, and stays'],
  [
    'replaced',
    change('Modify', { replacement: 'True', policyAction: 'ReplaceAndDelete' }),
    'is replaced, the old one is deleted',
  ],
  [
    'replaced, and kept',
    change('Modify', { replacement: 'True', policyAction: 'ReplaceAndRetain' }),
    'is replaced, the old one stays',
  ],
  ['perhaps replaced', change('Modify', { replacement: 'Conditional' }), 'may be replaced: only the update tells'],
  [
    'changed by a word that is new',
    change('SyncWithActual'),
    'SyncWithActual (a word that this release does not know)',
  ],
])('a resource that is %s has a line of its own', (_name, one, fate) => {
  expect(told(one)).toEqual([
    'mskeeper-orders: 1 would be deleted, replaced or let go:',
    `  Bucket (AWS::S3::Bucket) ${fate}`,
  ]);
});

test('what is lost stands first; what is made and changed in place is counted', () => {
  expect(
    told(
      change('Add', { type: 'AWS::SNS::Topic' }),
      change('Modify', { replacement: 'False', type: 'AWS::Lambda::Function' }),
      change('Remove', { logicalId: 'Kept', policyAction: 'Retain' }),
      change('Modify', { type: 'AWS::Lambda::Function' }),
      change('Remove', { logicalId: 'Lost' }),
    ),
  ).toEqual([
    'mskeeper-orders: 2 would be deleted, replaced or let go:',
    '  Lost (AWS::S3::Bucket) is deleted',
    '  Kept (AWS::S3::Bucket) leaves the stack, and stays',
    '  made: 1 SNS::Topic',
    '  changed in place: 2 Lambda::Function',
  ]);
});

test('whatever a change set holds, a resource is named unless it is only made or changed in place', () => {
  const planned = fc.record({
    action: fc.constantFrom('Add', 'Modify', 'Remove', 'Import', 'Dynamic', 'unknown'),
    logicalId: fc.stringMatching(/^[A-Z][a-z]{3,8}$/),
    type: fc.constantFrom('AWS::S3::Bucket', 'AWS::IAM::Role'),
    replacement: fc.constantFrom(undefined, 'True', 'False', 'Conditional'),
    policyAction: fc.constantFrom(undefined, 'Delete', 'Retain', 'ReplaceAndDelete', 'ReplaceAndRetain'),
  });
  fc.assert(
    fc.property(fc.array(planned, { minLength: 1, maxLength: 8 }), (changes) => {
      const lines = describeChanges('s', changes);
      const quiet = changes.filter(
        ({ action, replacement }) =>
          action === 'Add' || (action === 'Modify' && (replacement === undefined || replacement === 'False')),
      );
      for (const one of changes)
        if (!quiet.includes(one)) expect(lines.some((line) => line.startsWith(`  ${one.logicalId} (`))).toBe(true);
      expect(lines.filter((line) => /^ {2}\w+ \(AWS/.test(line))).toHaveLength(changes.length - quiet.length);
    }),
  );
});

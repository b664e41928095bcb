import { expect, test } from 'vitest';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';

const onCall = 'arn:aws:iam::111122223333:role/on-call';

test('nothing needs approval unless the file says so; where it does, an hour, and not by the initiator', () => {
  const silent = judge(smallFile()).configuration;
  expect(Object.values(silent?.approvals ?? {})).toHaveLength(8);
  expect(Object.values(silent?.approvals ?? {}).every(({ isRequired }) => !isRequired)).toBe(true);
  expect(silent?.approverPrincipals).toEqual([]);
  const text = smallFile({}, `approvals: { storage-scaling: { isRequired: true } }\napproverPrincipals: [${onCall}]\n`);
  const { configuration } = judge(text);
  expect(configuration?.approvals['storage-scaling']).toEqual({
    isRequired: true,
    timeoutMinutes: 60,
    validMinutes: 1440,
    mayInitiatorApprove: false,
  });
  expect(configuration?.approvals.failover?.isRequired).toBe(false);
  expect(configuration?.approverPrincipals).toEqual([onCall]);
});

test.each<[name: string, more: string, mistake: string]>([
  [
    'an approval that nobody may give',
    'approvals: { storage-scaling: { isRequired: true } }\n',
    '10 approvals.storage-scaling.isRequired: needs approverPrincipals: who may approve',
  ],
  [
    'an approval of an unknown procedure',
    'approvals: { storage-scalling: { isRequired: true } }\n',
    '10 approvals.storage-scalling: is not a setting; did you mean "storage-scaling"?',
  ],
  [
    'a time-out that no person can meet',
    `approvals: { storage-scaling: { timeoutMinutes: 1 } }\napproverPrincipals: [${onCall}]\n`,
    '10 approvals.storage-scaling.timeoutMinutes: must be at least 5',
  ],
  [
    'a time-out longer than a run may wait',
    `approvals: { storage-scaling: { timeoutMinutes: 10000 } }\napproverPrincipals: [${onCall}]\n`,
    '10 approvals.storage-scaling.timeoutMinutes: must be at most 4320',
  ],
  [
    'a yes that holds for a week',
    `approvals: { storage-scaling: { validMinutes: 10080 } }\napproverPrincipals: [${onCall}]\n`,
    '10 approvals.storage-scaling.validMinutes: must be at most 4320',
  ],
  [
    'a whole account as approver',
    'approverPrincipals: [arn:aws:iam::111122223333:root]\n',
    '10 approverPrincipals[0]: must be the ARN of an IAM user or role',
  ],
  [
    'a role by the beginning of its name',
    'approverPrincipals: [arn:aws:iam::111122223333:role/on-call*]\n',
    '10 approverPrincipals[0]: must be the ARN of an IAM user or role',
  ],
  [
    'everybody as approver',
    'approverPrincipals: ["*"]\n',
    '10 approverPrincipals[0]: must be the ARN of an IAM user or role',
  ],
  [
    'a session as approver',
    'approverPrincipals: [arn:aws:sts::111122223333:assumed-role/on-call/alice]\n',
    '10 approverPrincipals[0]: must be the ARN of an IAM user or role',
  ],
  [
    'an approver named twice',
    `approverPrincipals: [${onCall}, ${onCall}]\n`,
    '10 approverPrincipals[1]: stands in this list already',
  ],
])('%s is refused', (_name, more, mistake) => {
  const mistakes = mistakesOf(smallFile({}, more));
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(mistake);
});

import type { ApprovalOutcome } from './approval.ts';

type VoidAnswer = Extract<ApprovalOutcome, { outcome: 'void' }>;

/** Why an answer counted for nothing, in words that follow on "since". */
export function whyVoid({ because, by = 'somebody', detail }: Omit<VoidAnswer, 'outcome'>): string {
  switch (because) {
    case 'unreadable':
      return 'it was none of the command approve';
    case 'other-request':
      return 'it was given to something else than what was asked: look who wrote in approvals/ of the bucket';
    case 'unproven':
      return `nobody knows who gave it: ${detail}`;
    case 'unreachable':
      return `STS could not be asked who gave it (${detail})`;
    case 'stranger':
      return `${by} is none of approverPrincipals`;
    case 'initiator':
      return `${by} approved it, but may have set it going, and the policy wants somebody else`;
    case 'unnamed':
      return `${by} is a session that a tool named, which tells nobody who took the role`;
    case 'approved-before':
      return `${by} approved it before, and another person has to`;
    default:
      return because satisfies never;
  }
}

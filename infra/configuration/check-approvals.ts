import type { ConfigurationFile } from './file-schema.ts';
import type { Mistake } from './mistake.ts';

type Salvaged = Partial<Pick<ConfigurationFile, 'approvals' | 'approverPrincipals'>>;

/** An approval that nobody may give would hold every act for ever; who is named twice is a slip. */
export const checkApprovals = ({ approvals = {}, approverPrincipals }: Salvaged): Mistake[] => {
  const unanswerable = Object.entries(approvals).flatMap(([procedure, approval]): Mistake[] =>
    approval?.isRequired === true && approverPrincipals?.length === 0
      ? [{ path: ['approvals', procedure, 'isRequired'], message: 'needs approverPrincipals: who may approve' }]
      : [],
  );
  const repeated = (approverPrincipals ?? []).flatMap((principal, index, all): Mistake[] =>
    all.indexOf(principal) < index
      ? [{ path: ['approverPrincipals', index], message: 'stands in this list already' }]
      : [],
  );
  return [...unanswerable, ...repeated];
};

import { readAuditRetention } from '../../../shared/acting/audit-retention.ts';
import { procedureAuditPrefix } from '../../../shared/acting/core/keys.ts';
import { fetchProvenCaller } from '../../../shared/aws/caller-proof.ts';
import type { Store } from '../../../shared/aws/store.ts';
import type { BundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { openCommandAudit } from './command-audit.ts';
import type { JudgePorts } from './command-judgement.ts';

const retention = readAuditRetention();

/**
 * Who may command, who did, and where that is kept: on AWS. STS is asked without a permission of the role's; the audit needs
 * `s3:GetObject audit` and `s3:PutObject audit` (shared/deployment/operations.ts).
 *
 * @param where the bucket
 */
export function openJudgePorts(
  where: Pick<Store, 'client' | 'calls' | 'bucket'>,
  { configuration, cluster, clusterKey }: BundledConfiguration,
): Pick<JudgePorts, 'cluster' | 'clusterArn' | 'approverPrincipals' | 'proveCaller' | 'audit'> {
  const store: Store = {
    ...where,
    prefixes: [procedureAuditPrefix(clusterKey, 'incident')],
    ...(retention !== undefined && { retention }),
  };
  return {
    cluster: clusterKey,
    clusterArn: cluster.arn,
    approverPrincipals: configuration.approverPrincipals,
    proveCaller: (proof, digest) => fetchProvenCaller(where.calls, cluster.region, digest, proof),
    audit: openCommandAudit(store, clusterKey),
  };
}

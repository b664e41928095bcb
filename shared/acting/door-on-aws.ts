import { randomUUID } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Retention, Store } from '../aws/store.ts';
import type { BundledConfiguration } from '../configuration/bundled.ts';
import { noticeEventOf } from '../core/bus-event.ts';
import type { Receipt } from '../core/receipt.ts';
import { receiptPrefix } from '../core/store-keys.ts';
import { createRunLogger } from '../run/logging.ts';
import type { RunContext } from '../run/run-context.ts';
import { openBus } from '../telling/bus.ts';
import { fetchReceipt } from '../telling/receipt.ts';
import { openAudit } from './audit.ts';
import { openBudget } from './budget-store.ts';
import { fetchClusterClaim } from './cluster-claim.ts';
import { actProblemsMetric, auditPrefix, budgetPrefix } from './core/keys.ts';
import type { ActRecord } from './core/record.ts';
import type { ActDoor } from './door.ts';
import { planActEvent, planIntentNotice } from './event.ts';
import { fetchKillSwitch } from './kill-switch.ts';

/**
 * The door of one invocation, out of the configuration that was reviewed: no input of a run reaches its modes, windows,
 * budget or kill switch. Its role needs what every row of the audit, the budget and the kill switch grants (shared/deployment/operations.ts).
 *
 * @param options.execution who acts, for the record: a durable execution's ARN, else the run's id
 */
export const openActDoor = (
  run: Pick<RunContext, 'calls' | 'procedure' | 'runId' | 'addMetric'>,
  options: {
    readonly bundled: BundledConfiguration;
    readonly execution: string;
    readonly bucket: string;
    /** Of each version of a record; left out where the configuration wants none. */
    readonly auditRetention?: Retention;
    readonly busName: string;
    /** The parameter that says which stack keeps the cluster, and this stack's own id. */
    readonly claim: { readonly parameter: string; readonly stackId: string };
    readonly s3: S3Client;
    readonly ssm: SSMClient;
    readonly eventBridge: EventBridgeClient;
  },
): ActDoor => {
  const { calls } = run;
  const { auditRetention, bundled, execution, bucket, busName, claim: clusterClaim, s3, ssm, eventBridge } = options;
  const { configuration, clusterKey, cluster } = bundled;
  const store: Store = { client: s3, calls, bucket, prefixes: [auditPrefix(clusterKey), budgetPrefix] };
  const publish = openBus(eventBridge, calls, busName, cluster);
  return {
    cluster: clusterKey,
    execution,
    modes: configuration.modes,
    windows: configuration.maintenanceWindows,
    actsPerHour: configuration.actionBudget.actsPerHour,
    nowMs: () => Date.now(),
    newTryId: () => randomUUID(),
    isOver: () => calls.signal.aborted,
    fetchKillSwitch: () => fetchKillSwitch(ssm, calls, configuration.killSwitch.parameter),
    fetchClusterClaim: () => fetchClusterClaim(ssm, calls, clusterClaim),
    budget: openBudget(store, clusterKey),
    audit: openAudit({ ...store, ...(auditRetention && { retention: auditRetention }) }, clusterKey),
    ...(configuration.policy.mustTell === true && {
      people: {
        fetchReceipt: openReceipts(run, bucket, s3, clusterKey),
        offerIntent: (record: ActRecord) => {
          const { cluster: ofCluster, procedure } = record;
          const speaker = { cluster: ofCluster, procedure, runId: run.runId };
          return publish([noticeEventOf(speaker, Date.now(), planIntentNotice(record))]);
        },
      },
    }),
    publish: (claim, record) => publish([planActEvent(claim, record)]),
    reportProblem: openProblems(run),
  };
};

/** What says that people were told of an act before it, of one cluster. */
export const openReceipts =
  ({ calls }: Pick<RunContext, 'calls'>, bucket: string, client: S3Client, cluster: string) =>
  (key: string): Promise<Receipt | undefined> =>
    fetchReceipt({ client, calls, bucket, prefixes: [receiptPrefix(cluster)] }, cluster, key);

/** What went wrong beside an act and must not be missed: a line of the log, and a metric that has an alarm of its own. */
export const openProblems = ({ procedure, addMetric }: Pick<RunContext, 'procedure' | 'addMetric'>) => {
  const logger = createRunLogger(procedure);
  return (message: string): void => {
    logger.error('act', { problem: message });
    addMetric({ name: actProblemsMetric, unit: 'Count', value: 1, by: 'procedure' });
  };
};

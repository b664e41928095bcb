import { randomUUID } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Retention, Store } from '../aws/store.ts';
import type { BundledConfiguration } from '../configuration/bundled.ts';
import { createRunLogger } from '../run/logging.ts';
import type { RunContext } from '../run/run-context.ts';
import { openBus } from '../telling/bus.ts';
import type { Tell } from '../telling/tell.ts';
import { openAudit } from './audit.ts';
import { openBudget } from './budget-store.ts';
import { fetchClusterClaim } from './cluster-claim.ts';
import { actProblemsMetric, auditPrefix, budgetPrefix } from './core/keys.ts';
import type { ActRecord } from './core/record.ts';
import type { ActDoor } from './door.ts';
import { planActEvent, planIntentWord } from './event.ts';
import { fetchKillSwitch } from './kill-switch.ts';

/**
 * The door of one invocation, out of the configuration that was reviewed: no input of a run reaches its modes, windows,
 * budget or kill switch. Its role needs what every row of the audit, the budget and the kill switch grants (shared/deployment/operations.ts).
 *
 * @param options.execution who acts, for the record: a durable execution's ARN, else the run's id
 */
export const openActDoor = (
  run: Pick<RunContext, 'calls' | 'procedure' | 'addMetric'>,
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
    readonly tell: Tell<'warning'>;
  },
): ActDoor => {
  const { calls } = run;
  const {
    auditRetention,
    bundled,
    execution,
    bucket,
    busName,
    claim: clusterClaim,
    s3,
    ssm,
    eventBridge,
    tell,
  } = options;
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
      tellIntent: (record: ActRecord) => tell(planIntentWord(record, Date.now())),
    }),
    publish: (claim, record) => publish([planActEvent(claim, record)]),
    reportProblem: openProblems(run),
  };
};

/** What went wrong beside an act and must not be missed: a line of the log, and a metric that has an alarm of its own. */
export const openProblems = ({ procedure, addMetric }: Pick<RunContext, 'procedure' | 'addMetric'>) => {
  const logger = createRunLogger(procedure);
  return (message: string): void => {
    logger.error('act', { problem: message });
    addMetric({ name: actProblemsMetric, unit: 'Count', value: 1, by: 'procedure' });
  };
};

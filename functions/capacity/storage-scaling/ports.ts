import type { ActDecision, ActRequest } from '../../../shared/acting/act.ts';
import type { AcceptedUpdate } from '../../../shared/aws/msk-update.ts';
import type { BundledConfiguration } from '../../../shared/configuration/bundled.ts';
import type { ClusterView, LookRequest } from '../../../shared/core/cluster-view.ts';
import type { MskOperation, MskOperationDetail } from '../../../shared/core/msk-model.ts';
import type { Receipt } from '../../../shared/core/receipt.ts';
import type { ApprovalDocument } from '../../../shared/durable/approval.ts';
import type { ApprovalJudge } from '../../../shared/durable/approval-judgement.ts';
import type { EpisodeDocument } from '../../../shared/durable/episode.ts';
import type { BrokerDisk, ClusterStorage, StorageAutoScaling } from './core/observation.ts';
import type { Spoken } from './core/spoken.ts';
import type { Newest } from './core/superseded.ts';

/**
 * Everything outside of a run, opened anew at each invocation and used inside of steps only. Every `fetch` throws
 * DependencyError; the look makes an unknown of it.
 */
export type Ports = {
  readonly configuration: BundledConfiguration;
  readonly nowMs: () => number;
  /** The newest episode that an intake opened; undefined where its document is not there. */
  readonly fetchEpisode: () => Promise<EpisodeDocument | undefined>;
  /** The same, and whether a run of its name is known. @param executionArn of this run, beside which it would run */
  readonly fetchNewest: (executionArn: string) => Promise<Newest | undefined>;
  readonly fetchCluster: () => Promise<ClusterStorage>;
  readonly fetchOperations: () => Promise<readonly MskOperation[]>;
  readonly fetchOperation: (operationArn: string) => Promise<MskOperationDetail>;
  readonly fetchAutoScaling: () => Promise<StorageAutoScaling>;
  readonly fetchDisks: (atMs: number, forMinutes: number) => Promise<readonly BrokerDisk[]>;
  /** This procedure's own disk alarms; none for a cluster that has none. */
  readonly fetchAlarms: () => Promise<readonly { readonly name: string; readonly state: string }[]>;
  readonly fetchView: (request: LookRequest) => Promise<ClusterView>;
  readonly applyStorage: (currentVersion: string, volumeGiB: number) => Promise<AcceptedUpdate>;
  readonly act: <State, Outcome>(request: ActRequest<State, Outcome>) => Promise<ActDecision<Outcome>>;
  /** Puts what waits for a person where approvers read, callback id and all. */
  readonly keepApproval: (request: ApprovalDocument) => Promise<void>;
  /** Asks STS who signed over a digest. @throws DependencyError where STS said nothing */
  readonly proveCaller: ApprovalJudge['prove'];
  /** That people were told of an act before it, by the key of that word. */
  readonly fetchReceipt: (key: string) => Promise<Receipt | undefined>;
  /** Puts on the bus what is said, from which people hear it. @throws DependencyError naming what it did not take */
  readonly publish: (spoken: readonly Spoken[], atMs: number) => Promise<void>;
  /** What may not stop an act and must not be missed: the log and a metric have it. Inside of steps only. */
  readonly reportProblem: (message: string) => void;
};

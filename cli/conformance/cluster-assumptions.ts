import { monitoringLevels } from '../../shared/core/metric-vocabulary.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { type Assumption, notSeen, onKnown, proved, refuted } from './assumption.ts';

/** States as MSK's pages spell them; shared/core/msk-model.ts keeps any other and never takes it for ACTIVE. */
const knownStates: readonly string[] = [
  'ACTIVE',
  'CREATING',
  'DELETING',
  'FAILED',
  'HEALING',
  'MAINTENANCE',
  'REBOOTING_BROKER',
  'UPDATING',
];

/** What is assumed of the forms in which MSK describes a cluster. */
export const clusterAssumptions: readonly Assumption[] = [
  {
    id: 'cluster-state-spelling',
    claim: `a cluster's state is one of ${knownStates.join(', ')}`,
    source: 'sighting',
    reliesOn: ['shared/core/msk-model.ts', 'functions/capacity/storage-scaling/core/guards.ts'],
    checkedBy: 'kafka:DescribeClusterV2',
    judge: ({ cluster }) =>
      onKnown(cluster, ({ State = '' }) =>
        knownStates.includes(State) ? proved(State) : refuted(State || 'no state'),
      ),
  },
  {
    id: 'active-operation',
    claim: 'ActiveOperationArn is there while an operation runs, and only then',
    source: 'inference',
    reliesOn: ['functions/capacity/storage-scaling/core/guards.ts'],
    checkedBy: 'kafka:DescribeClusterV2, kafka:ListClusterOperationsV2',
    judge: ({ cluster, operations }) =>
      onKnown(cluster, ({ ActiveOperationArn, State }) =>
        onKnown(operations, (all) => {
          const running = all.filter(
            ({ endedAtMs, state = '' }) => endedAtMs === undefined && /PROGRESS|PENDING/.test(state),
          );
          const isNamed = ActiveOperationArn !== undefined && ActiveOperationArn !== '';
          if (running.length > 0)
            return isNamed
              ? proved(`${running[0]?.type} runs and is named`)
              : refuted(`${running[0]?.type} runs and the cluster (${State}) names none`);
          return isNamed
            ? refuted('an operation is named that the history does not show as running')
            : notSeen('no operation runs just now, and none is named');
        }),
      ),
  },
  {
    id: 'monitoring-level-told',
    claim: 'EnhancedMonitoring says the level, also where it is DEFAULT',
    source: 'inference',
    reliesOn: ['shared/aws/msk-answers.ts', 'cli/doctor/cluster.ts'],
    checkedBy: 'kafka:DescribeClusterV2',
    judge: ({ cluster }) =>
      onKnown(cluster, ({ Provisioned }) => {
        if (Provisioned === undefined) return notSeen('a Serverless cluster has no level');
        const level = Provisioned.EnhancedMonitoring;
        const known: readonly string[] = monitoringLevels;
        return level !== undefined && known.includes(level) ? proved(level) : refuted(level ?? 'it is absent');
      }),
  },
  {
    id: 'storage-alert-status',
    claim: 'CustomerActionStatus is NONE, ACTION_RECOMMENDED or CRITICAL_ACTION_REQUIRED',
    source: 'sighting',
    reliesOn: ['functions/health/cluster-health/core/log-directories.ts'],
    checkedBy: 'kafka:DescribeClusterV2',
    judge: ({ cluster }) =>
      onKnown(cluster, ({ Provisioned }) => {
        const status = Provisioned?.CustomerActionStatus;
        if (status === undefined) return notSeen('it is absent');
        return ['NONE', 'ACTION_RECOMMENDED', 'CRITICAL_ACTION_REQUIRED'].includes(status)
          ? proved(status)
          : refuted(status);
      }),
  },
  {
    id: 'volume-size-told',
    claim: 'a Standard cluster tells its brokers’ volume in whole GiB, an Express one none',
    source: 'inference',
    reliesOn: ['shared/aws/msk-answers.ts', 'functions/capacity/storage-scaling/core/step.ts'],
    checkedBy: 'kafka:DescribeClusterV2',
    judge: ({ cluster }, { cluster: configured }: StackContext) =>
      onKnown(cluster, ({ Provisioned }) => {
        if (Provisioned === undefined) return notSeen('a Serverless cluster has no volumes');
        const volumeGiB = Provisioned.BrokerNodeGroupInfo?.StorageInfo?.EbsStorageInfo?.VolumeSize;
        if (configured.brokerKind === 'standard')
          return volumeGiB !== undefined && Number.isInteger(volumeGiB)
            ? proved(`${volumeGiB} GiB`)
            : refuted(volumeGiB === undefined ? 'it is absent' : String(volumeGiB));
        return volumeGiB === undefined ? proved('it is absent') : refuted(`${volumeGiB} GiB`);
      }),
  },
];

import * as z from 'zod';
import type { MskCluster, MskNode, MskOperation, MskOperationDetail } from '../core/msk-model.ts';
import { redactText } from '../text/redaction.ts';
import { timeMs } from './answer.ts';

/**
 * Shapes of the MSK API's answers as the SDK decodes them, and what we read of them. Every field there is optional. Its
 * sentences come in without secrets.
 */

type Present<Record> = { [Key in keyof Record]?: Exclude<Record[Key], undefined> };

/** Leaves out what is undefined, so that an absent field is absent. */
const present = <Fields extends object>(fields: Fields): Present<Fields> =>
  // The boundary: Object.entries forgets the keys' types.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;

const provisioned = z.object({
  NumberOfBrokerNodes: z.int().nonnegative(),
  BrokerNodeGroupInfo: z.object({
    InstanceType: z.string().min(1),
    ClientSubnets: z.array(z.string()).optional(),
    StorageInfo: z
      .object({ EbsStorageInfo: z.object({ VolumeSize: z.number().positive().optional() }).optional() })
      .optional(),
  }),
  CurrentBrokerSoftwareInfo: z.object({ KafkaVersion: z.string().optional() }).optional(),
  EnhancedMonitoring: z.string().optional(),
  StorageMode: z.string().optional(),
  CustomerActionStatus: z.string().optional(),
  Rebalancing: z.object({ Status: z.string().optional() }).optional(),
});

export const clusterAnswer = z
  .object({
    ClusterInfo: z
      .object({
        ClusterArn: z.string().min(1),
        ClusterName: z.string().min(1),
        ClusterType: z.enum(['PROVISIONED', 'SERVERLESS']),
        CurrentVersion: z.string().min(1),
        State: z.string().min(1),
        StateInfo: z.object({ Message: z.string().optional() }).optional(),
        ActiveOperationArn: z.string().optional(),
        CreationTime: timeMs.optional(),
        Provisioned: provisioned.optional(),
      })
      .refine((cluster) => cluster.ClusterType === 'SERVERLESS' || cluster.Provisioned !== undefined, {
        path: ['Provisioned'],
        message: 'Invalid input: expected the description of a provisioned cluster',
      }),
  })
  .transform(({ ClusterInfo: cluster }): MskCluster => {
    const { Provisioned: nodes } = cluster;
    const group = nodes?.BrokerNodeGroupInfo;
    const isExpress = group?.InstanceType.startsWith('express.') === true;
    return {
      arn: cluster.ClusterArn,
      name: cluster.ClusterName,
      state: cluster.State,
      kind: nodes === undefined ? 'serverless' : isExpress ? 'express' : 'standard',
      currentVersion: cluster.CurrentVersion,
      brokerCount: nodes?.NumberOfBrokerNodes ?? 0,
      ...present({
        stateMessage: cluster.StateInfo?.Message === undefined ? undefined : redactText(cluster.StateInfo.Message),
        activeOperationArn: cluster.ActiveOperationArn,
        instanceType: group?.InstanceType,
        kafkaVersion: nodes?.CurrentBrokerSoftwareInfo?.KafkaVersion,
        volumeGiB: group?.StorageInfo?.EbsStorageInfo?.VolumeSize,
        storageMode: nodes?.StorageMode,
        monitoringLevel: nodes?.EnhancedMonitoring,
        customerActionStatus: nodes?.CustomerActionStatus,
        rebalancing: nodes?.Rebalancing?.Status,
        zoneCount: group?.ClientSubnets?.length,
        createdAtMs: cluster.CreationTime,
      }),
    };
  });

const node = z.object({
  NodeType: z.string().optional(),
  InstanceType: z.string().optional(),
  AddedToClusterTime: z.string().optional(),
  BrokerNodeInfo: z
    .object({
      // The API's type is a double: 1.0.
      BrokerId: z.int().nonnegative(),
      Endpoints: z.array(z.string()).default([]),
      CurrentBrokerSoftwareInfo: z.object({ KafkaVersion: z.string().optional() }).optional(),
    })
    .optional(),
});

const atMsOf = (time: string | undefined): number | undefined => {
  const atMs = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(atMs) ? undefined : atMs;
};

/** Brokers only: controllers and ZooKeeper nodes stand in the same list and have no broker id. */
export const nodesAnswer = z
  .object({ NodeInfoList: z.array(node), NextToken: z.string().optional() })
  .transform(({ NodeInfoList: nodes, NextToken: nextToken }) => ({
    nextToken,
    items: nodes.flatMap(({ BrokerNodeInfo: broker, InstanceType, AddedToClusterTime }): MskNode[] =>
      broker === undefined
        ? []
        : [
            {
              brokerId: broker.BrokerId,
              endpoints: broker.Endpoints,
              ...present({
                instanceType: InstanceType,
                kafkaVersion: broker.CurrentBrokerSoftwareInfo?.KafkaVersion,
                addedAtMs: atMsOf(AddedToClusterTime),
              }),
            },
          ],
    ),
  }));

const operation = z.object({
  OperationArn: z.string().min(1),
  OperationType: z.string().min(1),
  OperationState: z.string().min(1),
  StartTime: timeMs.optional(),
  EndTime: timeMs.optional(),
});

const operationOf = (answer: z.infer<typeof operation>): MskOperation => ({
  arn: answer.OperationArn,
  type: answer.OperationType,
  state: answer.OperationState,
  ...present({ startedAtMs: answer.StartTime, endedAtMs: answer.EndTime }),
});

export const operationsAnswer = z
  .object({ ClusterOperationInfoList: z.array(operation).default([]), NextToken: z.string().optional() })
  .transform(({ ClusterOperationInfoList: operations, NextToken: nextToken }) => ({
    nextToken,
    items: operations.map(operationOf),
  }));

const volumes = z.array(z.object({ VolumeSizeGB: z.number().positive().optional() })).default([]);

/** All brokers get the same volume, whether MSK lists it once or for each. */
export const operationAnswer = z
  .object({
    ClusterOperationInfo: operation.extend({
      ErrorInfo: z.object({ ErrorCode: z.string().optional(), ErrorString: z.string().optional() }).optional(),
      Provisioned: z.object({ TargetClusterInfo: z.object({ BrokerEBSVolumeInfo: volumes }).optional() }).optional(),
    }),
  })
  .transform(({ ClusterOperationInfo: info }): MskOperationDetail => {
    const { ErrorInfo: error } = info;
    const sizes = info.Provisioned?.TargetClusterInfo?.BrokerEBSVolumeInfo ?? [];
    return {
      ...operationOf(info),
      ...present({
        targetVolumeGiB: sizes.find(({ VolumeSizeGB }) => VolumeSizeGB !== undefined)?.VolumeSizeGB,
        errorMessage: redactText(`${error?.ErrorCode ?? ''} ${error?.ErrorString ?? ''}`.trim()) || undefined,
      }),
    };
  });

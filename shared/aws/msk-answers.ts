import * as z from 'zod';
import type { MskCluster, MskNode, MskOperation, MskOperationDetail } from '../core/msk-model.ts';
import { redactText } from '../text/redaction.ts';
import { ifReadable, present, timeMs } from './answer.ts';

/**
 * Shapes of the MSK API's answers as the SDK decodes them, and what we read of them. Every field there is optional: asked for
 * are those without which the whole says nothing, and of a list's item none, so that one odd item is one that says less. MSK's
 * sentences come in without secrets.
 */

const text = ifReadable(z.string().min(1));
const time = ifReadable(timeMs);
/** An empty volume is none: Express brokers have 0. */
const gibibytes = ifReadable(z.number().positive());

const provisioned = z.object({
  NumberOfBrokerNodes: z.int().nonnegative(),
  BrokerNodeGroupInfo: z.object({
    InstanceType: z.string().min(1),
    ClientSubnets: ifReadable(z.array(z.unknown())),
    StorageInfo: ifReadable(z.object({ EbsStorageInfo: ifReadable(z.object({ VolumeSize: gibibytes })) })),
  }),
  CurrentBrokerSoftwareInfo: ifReadable(z.object({ KafkaVersion: text })),
  EnhancedMonitoring: text,
  StorageMode: text,
  CustomerActionStatus: text,
  Rebalancing: ifReadable(z.object({ Status: text })),
});

export const clusterAnswer = z
  .object({
    ClusterInfo: z
      .object({
        ClusterArn: z.string().min(1),
        ClusterName: z.string().min(1),
        ClusterType: text,
        // A cluster that could not be made has none.
        CurrentVersion: text,
        State: z.string().min(1),
        StateInfo: ifReadable(z.object({ Message: text })),
        ActiveOperationArn: text,
        CreationTime: time,
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
      brokerCount: nodes?.NumberOfBrokerNodes ?? 0,
      ...present({
        currentVersion: cluster.CurrentVersion,
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

const node = z
  .object({
    NodeType: text,
    InstanceType: text,
    AddedToClusterTime: text,
    BrokerNodeInfo: ifReadable(
      z.object({
        // The API's type is a double: 1.0.
        BrokerId: ifReadable(z.int().nonnegative()),
        Endpoints: z.array(z.unknown()).catch([]),
        CurrentBrokerSoftwareInfo: ifReadable(z.object({ KafkaVersion: text })),
      }),
    ),
    ControllerNodeInfo: ifReadable(z.looseObject({})),
    ZookeeperNodeInfo: ifReadable(z.looseObject({})),
  })
  .catch({});

/**
 * Controllers and ZooKeeper nodes stand in the same list, and so may kinds of nodes that are newer than our SDK, which leaves out
 * what it does not know of them but their type. What does not say that it is something else may be a broker.
 */
const isOtherNode = ({ NodeType = 'BROKER', BrokerNodeInfo, ...others }: z.infer<typeof node>): boolean => {
  const { ControllerNodeInfo, ZookeeperNodeInfo } = others;
  const isElse = NodeType !== 'BROKER' || ControllerNodeInfo !== undefined || ZookeeperNodeInfo !== undefined;
  return BrokerNodeInfo === undefined && isElse;
};

const atMsOf = (time: string | undefined): number | undefined => {
  const atMs = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(atMs) ? undefined : atMs;
};

/** Brokers only. One of which no id is told is kept without: then the list does not name every broker. */
export const nodesAnswer = z
  .object({ NodeInfoList: z.array(node), NextToken: z.string().optional() })
  .transform(({ NodeInfoList: nodes, NextToken: nextToken }) => ({
    nextToken,
    items: nodes.flatMap((one): MskNode[] => {
      if (isOtherNode(one)) return [];
      const { BrokerNodeInfo: broker, InstanceType, AddedToClusterTime } = one;
      return [
        {
          endpoints: (broker?.Endpoints ?? []).filter((endpoint) => typeof endpoint === 'string'),
          ...present({
            brokerId: broker?.BrokerId,
            instanceType: InstanceType,
            kafkaVersion: broker?.CurrentBrokerSoftwareInfo?.KafkaVersion,
            addedAtMs: atMsOf(AddedToClusterTime),
          }),
        },
      ];
    }),
  }));

const operationFields = {
  OperationArn: text,
  OperationType: text,
  OperationState: text,
  StartTime: time,
  EndTime: time,
};
const operation = z.object(operationFields).catch({});

const operationOf = (answer: z.infer<typeof operation>): MskOperation =>
  present({
    arn: answer.OperationArn,
    type: answer.OperationType,
    state: answer.OperationState,
    startedAtMs: answer.StartTime,
    endedAtMs: answer.EndTime,
  });

export const operationsAnswer = z
  .object({ ClusterOperationInfoList: z.array(operation).default([]), NextToken: z.string().optional() })
  .transform(({ ClusterOperationInfoList: operations, NextToken: nextToken }) => ({
    nextToken,
    items: operations.map(operationOf),
  }));

const volumes = z.array(z.object({ VolumeSizeGB: gibibytes }).catch({}));

/** All brokers get the same volume, whether MSK lists it once or for each; where it lists several sizes it tells none. */
const onlyOne = (sizes: readonly (number | undefined)[]): number | undefined => {
  const [size, ...others] = new Set(sizes.filter((one) => one !== undefined));
  return others.length === 0 ? size : undefined;
};

export const operationAnswer = z
  .object({
    ClusterOperationInfo: z.object({
      ...operationFields,
      ErrorInfo: ifReadable(z.object({ ErrorCode: text, ErrorString: text })),
      Provisioned: ifReadable(
        z.object({ TargetClusterInfo: ifReadable(z.object({ BrokerEBSVolumeInfo: ifReadable(volumes) })) }),
      ),
    }),
  })
  .transform(({ ClusterOperationInfo: info }): MskOperationDetail => {
    const { ErrorInfo: error } = info;
    const sizes = info.Provisioned?.TargetClusterInfo?.BrokerEBSVolumeInfo ?? [];
    return {
      ...operationOf(info),
      ...present({
        targetVolumeGiB: onlyOne(sizes.map(({ VolumeSizeGB }) => VolumeSizeGB)),
        errorMessage: redactText(`${error?.ErrorCode ?? ''} ${error?.ErrorString ?? ''}`.trim()) || undefined,
      }),
    };
  });

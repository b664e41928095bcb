import type {
  BrokerNodeGroupInfo,
  Cluster,
  ClusterInfo,
  ClusterState,
  EnhancedMonitoring,
  NodeInfo,
} from '@aws-sdk/client-kafka';

/** Addresses by listener, as the real brokers of the local world have them. */
export type BrokerAddresses = {
  readonly plaintext?: string;
  readonly tls?: string;
  readonly scram?: string;
  readonly iam?: string;
};

type BrokerSpecification = { readonly brokerId: number; readonly addresses: BrokerAddresses };

/** What a drill tells of a cluster; the rest follows. */
export type ClusterSpecification = {
  readonly arn: string;
  readonly kafkaVersion: string;
  /** `kafka.m7g.large`, or `express.m7g.large` for Express brokers. */
  readonly instanceType: string;
  readonly brokers: readonly BrokerSpecification[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Per broker; absent for Express, which has no EBS volumes to manage. */
  readonly volumeGiB?: number;
  readonly monitoringLevel: EnhancedMonitoring;
  readonly metadataMode: 'kraft' | 'zookeeper';
  readonly scramSecretArns?: readonly string[];
};

export type MskCluster = Omit<ClusterSpecification, 'volumeGiB'> & {
  volumeGiB: number | undefined;
  state: ClusterState;
  currentVersion: string;
  activeOperationArn: string | undefined;
  createdMs: number;
  /** Until then the volumes are optimised after a change, and no other change of storage is taken. */
  storageLockedUntilMs: number | undefined;
};

/** `orders` of `arn:aws:kafka:eu-west-1:111122223333:cluster/orders/<uuid>`. */
function clusterNameOf(arn: string): string {
  return arn.split('/')[1] ?? arn;
}

/** DescribeClusterV2's form. */
export function describeV2(cluster: MskCluster): Cluster {
  return {
    ClusterArn: cluster.arn,
    ClusterName: clusterNameOf(cluster.arn),
    ClusterType: 'PROVISIONED',
    CreationTime: new Date(cluster.createdMs),
    CurrentVersion: cluster.currentVersion,
    State: cluster.state,
    Tags: {},
    ...(cluster.activeOperationArn !== undefined && { ActiveOperationArn: cluster.activeOperationArn }),
    Provisioned: { ...provisioned(cluster), CustomerActionStatus: 'NONE' },
  };
}

/** DescribeCluster's older form: the same facts without the `Provisioned` level. */
export function describeV1(cluster: MskCluster): ClusterInfo {
  const { Provisioned, ClusterType: _type, Serverless: _serverless, ...common } = describeV2(cluster);
  return { ...common, ...Provisioned };
}

function provisioned(cluster: MskCluster) {
  const has = (listener: keyof BrokerAddresses): boolean =>
    cluster.brokers.some((broker) => broker.addresses[listener] !== undefined);
  const group: BrokerNodeGroupInfo = {
    BrokerAZDistribution: 'DEFAULT',
    ClientSubnets: [...cluster.subnetIds],
    InstanceType: cluster.instanceType,
    SecurityGroups: [...cluster.securityGroupIds],
    ...(cluster.volumeGiB !== undefined && { StorageInfo: { EbsStorageInfo: { VolumeSize: cluster.volumeGiB } } }),
  };
  return {
    BrokerNodeGroupInfo: group,
    ClientAuthentication: {
      Sasl: { Scram: { Enabled: has('scram') }, Iam: { Enabled: has('iam') } },
      Unauthenticated: { Enabled: has('plaintext') || has('tls') },
    },
    CurrentBrokerSoftwareInfo: { KafkaVersion: cluster.kafkaVersion },
    EnhancedMonitoring: cluster.monitoringLevel,
    NumberOfBrokerNodes: cluster.brokers.length,
    StorageMode: 'LOCAL' as const,
    ...(cluster.metadataMode === 'zookeeper' && {
      ZookeeperConnectString: 'z-1.local:2181,z-2.local:2181,z-3.local:2181',
    }),
  };
}

/**
 * ListNodes' form: brokers and, beside them, three controllers (KRaft) or ZooKeeper nodes, which carry no BrokerNodeInfo.
 * A broker that is down stays listed: MSK replaces it under the same id.
 */
export function nodesOf(cluster: MskCluster): readonly NodeInfo[] {
  const addedAt = new Date(cluster.createdMs).toISOString();
  const arnOf = (node: string): string => `${cluster.arn.replace(':cluster/', ':kafka/')}/${node}`;
  const brokers = cluster.brokers.map(
    (broker, index): NodeInfo => ({
      AddedToClusterTime: addedAt,
      BrokerNodeInfo: {
        BrokerId: broker.brokerId,
        ClientSubnet: cluster.subnetIds[index % cluster.subnetIds.length] ?? '',
        ClientVpcIpAddress: '127.0.0.1',
        CurrentBrokerSoftwareInfo: { KafkaVersion: cluster.kafkaVersion },
        Endpoints: [hostOf(broker.addresses)],
      },
      InstanceType: cluster.instanceType,
      NodeARN: arnOf(`b-${broker.brokerId}`),
      NodeType: 'BROKER',
    }),
  );
  const quorum = [1, 2, 3].map((id): NodeInfo => {
    // The SDK's NodeType knows only BROKER; KRaft controllers and ZooKeeper nodes are told by their info member.
    if (cluster.metadataMode === 'kraft') {
      return {
        AddedToClusterTime: addedAt,
        ControllerNodeInfo: { Endpoints: [`c-${id}.local`] },
        NodeARN: arnOf(`c-${id}`),
      };
    }
    const ZookeeperNodeInfo = { Endpoints: [`z-${id}.local`], ZookeeperId: id, ClientVpcIpAddress: '127.0.0.1' };
    return { AddedToClusterTime: addedAt, ZookeeperNodeInfo, NodeARN: arnOf(`z-${id}`) };
  });
  return [...brokers, ...quorum];
}

function hostOf(addresses: BrokerAddresses): string {
  const [address = ''] = Object.values(addresses);
  return address.split(':')[0] ?? '';
}

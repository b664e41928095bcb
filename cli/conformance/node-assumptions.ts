import type { NodeInfo } from '@aws-sdk/client-kafka';
import { planBootstrap } from '../../functions/kafka/read/core/bootstrap.ts';
import { adviseBrokerIds, compareBrokerIds } from '../../shared/core/broker-ids.ts';
import type { ClusterConfiguration } from '../../shared/core/configuration.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { type Assumption, listed, notSeen, type Outcome, onKnown, proved, refuted } from './assumption.ts';

/** MSK's ports inside the VPC, by GetBootstrapBrokers' member. */
const ports: Readonly<Record<string, number>> = {
  BootstrapBrokerString: 9092,
  BootstrapBrokerStringTls: 9094,
  BootstrapBrokerStringSaslScram: 9096,
  BootstrapBrokerStringSaslIam: 9098,
};

const brokersOf = (nodes: readonly NodeInfo[]) => nodes.flatMap(({ BrokerNodeInfo }) => BrokerNodeInfo ?? []);

const serversOf = (forms: Readonly<Record<string, string>>): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(forms)
    .filter(([member]) => Object.hasOwn(ports, member))
    .map(([member, text]) => [member, text.split(',')] as const);

const judgeIds = (ids: readonly number[], { brokerIds }: ClusterConfiguration): Outcome => {
  if (ids.length === 0) return notSeen('no brokers are listed');
  const shown = `ids ${listed(ids.toSorted((left, right) => left - right))}`;
  return compareBrokerIds(brokerIds, ids) === undefined
    ? proved(shown)
    : refuted(`${shown}, not ${listed(brokerIds)}: ${adviseBrokerIds(ids)}`);
};

/** What is assumed of the brokers that MSK lists and of the addresses that it tells. */
export const nodeAssumptions: readonly Assumption[] = [
  {
    id: 'broker-ids-as-configured',
    claim:
      'the brokers are those of mskeeper.yml: brokerIds, or where it names none 1 to brokerCount, as in a new cluster',
    source: 'inference',
    reliesOn: ['shared/core/broker-ids.ts', 'shared/deployment/broker-groups.ts'],
    checkedBy: 'kafka:ListNodes',
    judge: ({ nodes }, { cluster }: StackContext) =>
      onKnown(nodes, (all) =>
        judgeIds(
          brokersOf(all).flatMap(({ BrokerId }) => BrokerId ?? []),
          cluster,
        ),
      ),
  },
  {
    id: 'controllers-in-node-list',
    claim: 'the node list names controllers on KRaft and ZooKeeper nodes otherwise, without BrokerNodeInfo',
    source: 'memory',
    reliesOn: ['shared/aws/msk-answers.ts', 'cli/doctor/gather-account.ts'],
    checkedBy: 'kafka:ListNodes',
    judge: ({ nodes }, { cluster }: StackContext) =>
      onKnown(nodes, (all) => {
        const others = all.filter(({ BrokerNodeInfo }) => BrokerNodeInfo === undefined);
        const expected = others.filter(({ ControllerNodeInfo, ZookeeperNodeInfo }) =>
          cluster.metadataMode === 'kraft' ? ControllerNodeInfo !== undefined : ZookeeperNodeInfo !== undefined,
        );
        if (expected.length > 0) return proved(`${expected.length} beside the brokers`);
        return others.length === 0
          ? refuted(`${all.length} nodes, all of them brokers`)
          : refuted(`${others.length} nodes beside the brokers, of another kind than ${cluster.metadataMode} has`);
      }),
  },
  {
    id: 'node-endpoints-without-port',
    claim: 'a broker’s endpoints are host names without a port',
    source: 'inference',
    reliesOn: ['shared/core/msk-model.ts'],
    checkedBy: 'kafka:ListNodes',
    judge: ({ nodes }) =>
      onKnown(nodes, (all) => {
        const endpoints = brokersOf(all).flatMap(({ Endpoints }) => Endpoints ?? []);
        const withPort = endpoints.filter((endpoint) => /:\d+$/.test(endpoint));
        if (endpoints.length === 0) return notSeen('no endpoints are listed');
        return withPort.length === 0 ? proved(`${endpoints.length} endpoints`) : refuted(`${withPort.length} have one`);
      }),
  },
  {
    id: 'bootstrap-host-names',
    claim: 'bootstrap addresses are host:port and end in .kafka.<region>.amazonaws.com, or kafka-serverless',
    source: 'sighting',
    reliesOn: ['functions/kafka/read/core/bootstrap.ts', 'shared/aws/msk.ts'],
    checkedBy: 'kafka:GetBootstrapBrokers',
    judge: ({ bootstrap }, { cluster }: StackContext) =>
      onKnown(bootstrap, (forms) => {
        const servers = serversOf(forms).flatMap(([, ofMember]) => ofMember);
        if (servers.length === 0) return notSeen('no listener inside the VPC is told');
        const plan = planBootstrap(servers, { region: cluster.region });
        return plan.action === 'connect'
          ? proved(`${servers.length} addresses`)
          : refuted(`kafka-read would refuse ${listed(plan.strangers)}`);
      }),
  },
  {
    id: 'bootstrap-ports',
    claim: `listeners have the ports ${Object.values(ports).join(', ')}: plaintext, TLS, SCRAM, IAM`,
    source: 'sighting',
    reliesOn: ['docs/deploy.md'],
    checkedBy: 'kafka:GetBootstrapBrokers',
    judge: ({ bootstrap }) =>
      onKnown(bootstrap, (forms) => {
        const all = serversOf(forms);
        const wrong = all.flatMap(([member, servers]) =>
          servers.filter((server) => !server.endsWith(`:${ports[member]}`)).map((server) => `${member} ${server}`),
        );
        if (all.length === 0) return notSeen('no listener inside the VPC is told');
        return wrong.length === 0 ? proved(listed(all.map(([member]) => member))) : refuted(listed(wrong));
      }),
  },
  {
    id: 'bootstrap-at-most-three',
    claim: 'GetBootstrapBrokers tells at most three brokers a listener, not all',
    source: 'memory',
    reliesOn: ['shared/aws/msk.ts'],
    checkedBy: 'kafka:GetBootstrapBrokers',
    judge: ({ bootstrap, nodes }) =>
      onKnown(bootstrap, (forms) =>
        onKnown(nodes, (all) => {
          const most = Math.max(0, ...serversOf(forms).map(([, servers]) => servers.length));
          const count = brokersOf(all).length;
          if (most > 3) return refuted(`${most} addresses of ${count} brokers`);
          return count > 3 && most > 0
            ? proved(`${most} addresses of ${count} brokers`)
            : notSeen(`${most} addresses of ${count} brokers: too few to tell`);
        }),
      ),
  },
];

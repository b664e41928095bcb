import { expect, test } from 'vitest';
import { mistakesOf, smallFile } from '../../../support/configuration.ts';
import { backup } from './backup-cluster.ts';

test.each<[name: string, text: string, mistake: string]>([
  [
    'another Region than the ARN’s',
    smallFile({ region: '    region: us-east-1' }),
    '5 clusters.orders.region: is not the Region of the ARN, eu-west-1',
  ],
  ['no ARN at all', smallFile({ arn: '    arn: orders' }), '4 clusters.orders.arn: not the ARN of an MSK cluster'],
  [
    'no broker count',
    smallFile({ brokerCount: '' }),
    '3 clusters.orders.brokerCount: is missing: must be a whole number, at least 1',
  ],
  [
    'a fraction of a broker',
    smallFile({ brokerCount: '    brokerCount: 2.5' }),
    '7 clusters.orders.brokerCount: must be a whole number, is a fraction',
  ],
  [
    'brokers that do not fill the zones',
    smallFile({ role: '    role: primary\n    zoneCount: 2' }),
    'clusters.orders.brokerCount: must be a multiple of zoneCount, 2',
  ],
  [
    'a critical topic with more copies than brokers',
    smallFile({}, '    topics: { critical: [{ name: a, replicationFactor: 4 }] }\n'),
    "10 clusters.orders.topics.critical[0].replicationFactor: is more than the cluster's 3 brokers",
  ],
  [
    'a critical topic named twice',
    smallFile({}, '    topics: { critical: [{ name: a, replicationFactor: 3 }, { name: a, replicationFactor: 3 }] }\n'),
    'clusters.orders.topics.critical[1].name: is that of item 0 too',
  ],
  [
    'a list where a map belongs',
    smallFile({ network: '    network: [subnet-0a1b2c3d4e5f60001]' }),
    '9 clusters.orders.network: must be a map, is a list',
  ],
  [
    'a Serverless cluster with brokers',
    smallFile({}, '    brokerKind: serverless\n'),
    '7 clusters.orders.brokerCount: does not belong to a Serverless cluster',
  ],
  [
    'Serverless without IAM',
    smallFile({ brokerCount: '    brokerKind: serverless', authentication: '    authentication: { kind: tls }' }),
    'authentication.kind: must be iam on Serverless',
  ],
  [
    'SCRAM without its secret',
    smallFile({ authentication: '    authentication: { kind: scram }' }),
    '8 clusters.orders.authentication.secretId: is missing: must be a text',
  ],
  [
    'a backup of nothing',
    smallFile({ role: '    role: backup' }),
    '3 clusters.orders.backupOf: is missing: must name the primary cluster that this one backs up',
  ],
  [
    'a backup of a stranger',
    smallFile({ role: '    role: backup\n    backupOf: payments' }),
    '7 clusters.orders.backupOf: names no cluster of this file',
  ],
  [
    'a primary that backs up',
    smallFile({ role: '    role: primary\n    backupOf: orders' }),
    'clusters.orders.backupOf: belongs to a cluster whose role is backup',
  ],
  [
    'two backups of one primary',
    smallFile({}, `${backup}${backup.replace('standby', 'third').replace('11111111', '22222222')}`),
    'clusters.third.backupOf: "orders" has a backup already: "standby"',
  ],
  [
    'one cluster under two names',
    smallFile({}, smallFile().slice(21).replace('orders:', 'again:')),
    'clusters.again.arn: is that of "orders" too',
  ],
  ['the same key twice', smallFile({}, smallFile().slice(21)), '10 clusters.orders: stands twice in one map'],
  ['no cluster', 'version: 1\nclusters: {}\n', '2 clusters: at least one cluster must be named'],
  [
    'an address that is no address',
    smallFile({}, '    endpoints: [{ name: shop, url: "ftp://shop.example", kind: application }]\n'),
    '10 clusters.orders.endpoints[0].url: must be an http or https address',
  ],
  [
    'a backup of a backup',
    smallFile(
      {},
      `${backup}${backup.replace('standby', 'third').replace('11111111', '22222222').replace('role: backup', 'role: backup\n    backupOf: standby')}`,
    ),
    'clusters.third.backupOf: names "standby", which is a backup itself',
  ],
  [
    'a port that no machine has',
    smallFile({}, '    bootstrap: 127.0.0.1:9092,127.0.0.1:99999\n'),
    '10 clusters.orders.bootstrap: has a port beyond 65535',
  ],
  [
    'ZooKeeper under Express brokers',
    smallFile({}, '    brokerKind: express\n    metadataMode: zookeeper\n'),
    '11 clusters.orders.metadataMode: must be kraft on Express brokers',
  ],
  [
    'plaintext on Express brokers',
    smallFile({ authentication: '    authentication: { kind: plaintext }' }, '    brokerKind: express\n'),
    '8 clusters.orders.authentication.kind: cannot be plaintext on Express brokers',
  ],
  [
    'two endpoints of one name',
    smallFile(
      {},
      '    endpoints:\n      - { name: shop, url: "https://a.example", kind: application }\n      - { name: shop, url: "https://b.example", kind: application }\n',
    ),
    '12 clusters.orders.endpoints[1].name: is that of item 0 too',
  ],
  [
    'a flowing topic named twice',
    smallFile(
      {},
      '    topics: { flowing: [{ name: a, minMessagesPerMinute: 1 }, { name: a, minMessagesPerMinute: 2 }] }\n',
    ),
    '10 clusters.orders.topics.flowing[1].name: is that of item 0 too',
  ],
])('%s is refused with its line and path', (_name, text, mistake) => {
  const mistakes = mistakesOf(text);
  expect(mistakes).toEqual([expect.stringContaining(mistake)]);
});

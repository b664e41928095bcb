import { expect, test } from 'vitest';
import { mistakesOf, smallFile } from '../../../support/configuration.ts';

const arnOf = (partition: string, region: string) =>
  `arn:${partition}:kafka:${region}:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4`;
const fileIn = (partition: string, region: string, more = '', lines: Readonly<Record<string, string>> = {}) =>
  smallFile({ arn: `    arn: ${arnOf(partition, region)}`, region: `    region: ${region}`, ...lines }, more);

test.each([
  ['aws', 'eu-west-1'],
  ['aws', 'mx-central-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
])('%s has %s', (partition, region) => {
  expect(mistakesOf(fileIn(partition, region))).toEqual([]);
});

test.each([
  ['aws', 'cn-north-1', 'has the partition aws, and cn-north-1 lies in aws-cn'],
  ['aws-cn', 'eu-west-1', 'has the partition aws-cn, and eu-west-1 lies in aws'],
  ['aws', 'us-gov-west-1', 'has the partition aws, and us-gov-west-1 lies in aws-us-gov'],
  ['aws-moon', 'eu-west-1', 'has aws-moon for a partition, which there is not'],
])('%s has no %s', (partition, region, message) => {
  expect(mistakesOf(fileIn(partition, region))).toEqual([`4 clusters.orders.arn: ${message}`]);
});

const secretOf = (partition: string, region: string) =>
  `arn:${partition}:secretsmanager:${region}:111122223333:secret:AmazonMSK_orders-AbCdEf`;

test.each([
  ['aws', 'eu-west-1', []],
  ['aws', 'us-east-1', ['8 clusters.orders.authentication.secretId: is not in the Region of its cluster, eu-west-1']],
  [
    'aws',
    'cn-north-1',
    ['8 clusters.orders.authentication.secretId: has the partition aws, and cn-north-1 lies in aws-cn'],
  ],
])('a cluster’s secret in %s %s', (partition, region, mistakes) => {
  const authentication = `    authentication: { kind: scram, secretId: '${secretOf(partition, region)}' }`;
  expect(mistakesOf(fileIn('aws', 'eu-west-1', '', { authentication }))).toEqual(mistakes);
});

test('an approver and an endpoint’s secret of another partition than a cluster’s', () => {
  const more = `approverPrincipals: [arn:aws:iam::111122223333:role/on-call, arn:aws-cn:iam::111122223333:role/on-call]
channels: { endpoints: { pager: { kind: pagerduty, secret: '${secretOf('aws', 'eu-west-1')}' } } }
`;
  expect(mistakesOf(fileIn('aws-cn', 'cn-north-1', more))).toEqual([
    '10 approverPrincipals[0]: is of the partition aws, and the cluster "orders" of aws-cn',
    '11 channels.endpoints.pager.secret: is of the partition aws, and the cluster "orders" of aws-cn',
  ]);
});

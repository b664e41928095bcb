import { partition, useDefaultPartitionInfo } from '@aws-sdk/core/client';
import { expect, test } from 'vitest';
import { findPartitionProblem, partitionOfRegion, partitions } from '../../../../shared/core/partitions.ts';

/** One Region of each partition, and two that the patterns alone cannot know. */
const regions = [
  'eu-west-1 us-east-1 ap-southeast-7 ca-west-1 me-central-1 af-south-1 il-central-1 mx-central-1 sa-east-1 ap-east-2',
  'cn-north-1 cn-northwest-1 eusc-de-east-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 eu-isoe-west-1 us-isof-south-1',
  'us-gov-east-1 us-gov-west-1 zz-north-1 nz-south-1',
].flatMap((line) => line.split(' '));

test.each(regions)('%s lies in the partition and under the domain that the SDK says', (region) => {
  useDefaultPartitionInfo();
  const { name, dnsSuffix } = partition(region);
  expect(partitionOfRegion(region)).toMatchObject({ id: name, dnsSuffix });
});

test('every partition of the table is one of the SDK’s', () => {
  const known = new Set(regions.map((region) => partition(region).name));
  expect(new Set(partitions.map(({ id }) => id))).toEqual(known);
});

test('an ARN is sound where its Region lies in its partition, of all pairs', () => {
  for (const { id } of partitions)
    for (const region of regions) {
      const problem = findPartitionProblem(`arn:${id}:kafka:${region}:111122223333:cluster/a/b`);
      expect(problem === undefined, `${id} ${region}`).toBe(partition(region).name === id);
    }
});

test.each([
  ['arn:aws:iam::111122223333:root', undefined],
  ['arn:aws-xx:iam::111122223333:root', 'has aws-xx for a partition, which there is not'],
  ['arn:aws:kafka:cn-north-1:111122223333:cluster/a/b', 'has the partition aws, and cn-north-1 lies in aws-cn'],
])('%s: %s', (arn, problem) => {
  expect(findPartitionProblem(arn)).toBe(problem);
});

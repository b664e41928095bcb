/**
 * AWS's partitions, as the SDK for JavaScript knows them (`@aws-sdk/core`, partitions): an ARN of one with a Region of another
 * names nothing, and neither does a host name under another's domain.
 */
export type Partition = { readonly id: string; readonly isRegion: RegExp; readonly dnsSuffix: string };

const commercial: Partition = {
  id: 'aws',
  isRegion: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  dnsSuffix: 'amazonaws.com',
};

export const partitions: readonly Partition[] = [
  commercial,
  { id: 'aws-cn', isRegion: /^cn-\w+-\d+$/, dnsSuffix: 'amazonaws.com.cn' },
  { id: 'aws-eusc', isRegion: /^eusc-(?:de)-\w+-\d+$/, dnsSuffix: 'amazonaws.eu' },
  { id: 'aws-iso', isRegion: /^us-iso-\w+-\d+$/, dnsSuffix: 'c2s.ic.gov' },
  { id: 'aws-iso-b', isRegion: /^us-isob-\w+-\d+$/, dnsSuffix: 'sc2s.sgov.gov' },
  { id: 'aws-iso-e', isRegion: /^eu-isoe-\w+-\d+$/, dnsSuffix: 'cloud.adc-e.uk' },
  { id: 'aws-iso-f', isRegion: /^us-isof-\w+-\d+$/, dnsSuffix: 'csp.hci.ic.gov' },
  { id: 'aws-us-gov', isRegion: /^us-gov-\w+-\d+$/, dnsSuffix: 'amazonaws.com' },
];

/** A Region that no pattern knows is taken for one of the commercial partition, as the SDK does. */
export const partitionOfRegion = (region: string): Partition =>
  partitions.find(({ isRegion }) => isRegion.test(region)) ?? commercial;

/** What stands between the first two colons of an ARN: `aws-cn`. */
export const partitionIdOf = (arn: string): string | undefined => arn.split(':')[1];

/** What an ARN says of itself that cannot be, or undefined; one without a Region, like IAM's, says nothing wrong. */
export const findPartitionProblem = (arn: string): string | undefined => {
  const [, id, , region = ''] = arn.split(':');
  const { id: regions } = partitionOfRegion(region);
  if (!partitions.some((one) => one.id === id)) return `has ${id} for a partition, which there is not`;
  return region === '' || regions === id ? undefined : `has the partition ${id}, and ${region} lies in ${regions}`;
};

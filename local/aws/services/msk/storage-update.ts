import type { BrokerEBSVolumeInfo, UpdateBrokerStorageRequest, UpdateStorageRequest } from '@aws-sdk/client-kafka';
import { AwsError } from '../../service.ts';
import type { MskCluster } from './cluster.ts';

const mostGiB = 16_384;
const leastTargetGiB = 101;
const leastStepGiB = 10;

/** UpdateBrokerStorage's target. Individual brokers cannot be chosen (MSK Developer Guide, "Manual scaling"). */
export function targetOfBrokers({ TargetBrokerEBSVolumeInfo }: UpdateBrokerStorageRequest): number {
  const [info, ...others] = TargetBrokerEBSVolumeInfo ?? [];
  if (info === undefined || others.length > 0 || !isForAll(info))
    throw refusal('Storage can be updated for all brokers only: give one volume for the broker "All".');
  if (info.ProvisionedThroughput !== undefined) throw notServed('provisioned throughput');
  return sizeOf(info.VolumeSizeGB);
}

/** UpdateStorage's target. */
export function targetOfCluster(input: UpdateStorageRequest): number {
  if (input.StorageMode === 'TIERED') throw notServed('tiered storage');
  if (input.ProvisionedThroughput !== undefined) throw notServed('provisioned throughput');
  return sizeOf(input.VolumeSizeGB);
}

/** The AWS CLI's reference writes `ALL`, the Developer Guide `All`. */
const isForAll = ({ KafkaBrokerNodeId }: BrokerEBSVolumeInfo): boolean => KafkaBrokerNodeId?.toUpperCase() === 'ALL';

function sizeOf(volumeGiB: number | undefined): number {
  if (volumeGiB !== undefined && Number.isInteger(volumeGiB)) return volumeGiB;
  throw refusal('The target volume size must be a whole number of GiB.');
}

/**
 * Refuses what MSK refuses of a change of storage. Sentences that users of MSK have published are MSK's own (no update,
 * the least step, the version); "storage is optimizing" is AWS's wording inside a sentence of ours; the rest is ours.
 *
 * @returns the size that all volumes have now
 * @throws AwsError BadRequestException
 */
export function checkStorageUpdate(
  cluster: MskCluster,
  { currentVersion, targetGiB }: { readonly currentVersion: string | undefined; readonly targetGiB: number },
  nowMs: number,
): number {
  const { volumeGiB, state, storageLockedUntilMs } = cluster;
  if (volumeGiB === undefined) throw refusal("You can't update broker storage for a cluster of Express brokers.");
  if (state !== 'ACTIVE') throw refusal(`You can't update broker storage for a cluster in ${state} state.`);
  if (currentVersion !== cluster.currentVersion)
    throw refusal("The version of the cluster isn't current. Check the current version and try again.", {
      InvalidParameter: 'currentVersion',
    });
  if (targetGiB === volumeGiB)
    throw refusal(
      'The request does not include any updates to the EBS volumes of the cluster. Verify the request, then try again.',
    );
  if (targetGiB < volumeGiB + leastStepGiB)
    throw refusal(`To update storage, you must increase it by at least ${leastStepGiB} GiB.`);
  if (targetGiB < leastTargetGiB || targetGiB > mostGiB)
    throw refusal(`The target volume size must be greater than 100 GiB and at most ${mostGiB} GiB.`);
  if (storageLockedUntilMs !== undefined && nowMs < storageLockedUntilMs)
    throw refusal("The cluster's storage is optimizing. Wait until it has finished, then try again.");
  return volumeGiB;
}

const refusal = (message: string, fields: Readonly<Record<string, unknown>> = {}): AwsError =>
  new AwsError('BadRequestException', 400, message, fields);

const notServed = (what: string): AwsError => refusal(`This local MSK changes the size of volumes only, not ${what}.`);

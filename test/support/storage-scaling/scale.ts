import type { StorageScalingResult } from '../../../functions/capacity/storage-scaling/core/model.ts';
import type { Ports } from '../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../functions/capacity/storage-scaling/run.ts';
import { input } from './storage-scaling.ts';
import type { StorageWorld } from './world.ts';

/** The run of that episode in a world, with other ports where a test has its own. */
export const scale = ({ run, ports }: StorageWorld, own: Ports = ports): Promise<StorageScalingResult> =>
  scaleStorage(input, run.durable, own);

/** The ports of a world in which something changes as soon as a person is asked. */
export const changedOnceAsked = ({ ports }: StorageWorld, change: () => void): Ports => ({
  ...ports,
  keepApproval: async (request) => {
    change();
    await ports.keepApproval(request);
  },
});

/** What people read of it, in order. */
export const headlines = ({ world }: StorageWorld): readonly string[] => world.told.map(({ headline }) => headline);

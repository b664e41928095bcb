/** Time and bytes in other units, so that no conversion is written twice. MSK's GB of a volume is a GiB (EBS). */

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const bytesPerGiB = 1024 ** 3;

/** GiB of a number of bytes. */
export const gibOf = (bytes: number): number => bytes / bytesPerGiB;

/** Bytes of a number of GiB. */
export const bytesOf = (gib: number): number => gib * bytesPerGiB;

import { currentObject } from '../aws/services/s3/bucket.ts';
import type { World } from '../world/world.ts';

/** JSON documents under a prefix in the stack's bucket, by key, as they stand now. */
export function storedDocuments({ standIn }: Pick<World, 'standIn'>, prefix: string): ReadonlyMap<string, unknown> {
  const names = new Set(
    [...standIn.lambda.functions.values()].flatMap(({ latest }) => latest.variables.MSKEEPER_BUCKET ?? []),
  );
  const found = new Map<string, unknown>();
  for (const bucket of [...names].map((name) => standIn.s3.bucket(name))) {
    for (const key of [...bucket.versions.keys()].filter((each) => each.startsWith(prefix))) {
      const stored = currentObject(bucket, key);
      if (stored !== undefined) found.set(key, JSON.parse(new TextDecoder().decode(stored.body)));
    }
  }
  return found;
}

import { gunzipSync } from 'node:zlib';
import type { StandIn } from '../../../local/aws/stand-in.ts';
import { clusterKey, type Report } from './packaged-stack.ts';

/** Everything that lies in the account's bucket, every version, as text. */
export const keptObjects = ({ s3, world }: StandIn): readonly { readonly key: string; readonly text: string }[] => {
  const bucket = s3.bucket(`mskeeper-${clusterKey}-bucket-${world.accountId}`);
  return [...bucket.versions.values()].flat().map(({ key, body, contentEncoding }) => ({
    key,
    text: new TextDecoder().decode(contentEncoding === 'gzip' ? gunzipSync(body) : body),
  }));
};

/** The newest report: a run that fails after it judged has kept one. */
export const keptReport = (standIn: StandIn): Report => {
  const [newest] = keptObjects(standIn)
    .filter(({ key }) => key.startsWith('reports/'))
    .toSorted((left, right) => (left.key < right.key ? 1 : -1));
  if (newest === undefined) throw new Error('no report was kept');
  return JSON.parse(newest.text);
};

/** Every line that any function wrote. */
export const loggedText = ({ lambda }: StandIn): string =>
  lambda.logs
    .groups()
    .flatMap((group) => lambda.logs.read(group).map(({ message }) => message))
    .join('\n');

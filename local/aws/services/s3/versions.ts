import type {
  DeleteObjectsCommandInput,
  DeleteObjectsCommandOutput,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { AwsError, type Call, type OperationHandler } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { type Bucket, deleteObject } from './bucket.ts';
import { permissionOnObject } from './permission.ts';

type InBucket = { readonly Bucket: string };
type Answer<Output> = Omit<Output, '$metadata'>;

const arnOf = ({ Bucket: name }: InBucket): string => `arn:aws:s3:::${name}`;

/**
 * What empties a bucket that keeps versions: the list of them, and many deletions in one request, each judged by itself, so that
 * a denied one stands in the answer and does not end the rest. Source: S3 API Reference, ListObjectVersions, DeleteObjects.
 */
export const versionOperations = (
  world: AwsWorld,
  find: (name: string) => Bucket,
): Readonly<Record<string, OperationHandler>> => {
  const removeOne = (
    input: InBucket,
    { Key = '', VersionId }: { readonly Key?: string | undefined; readonly VersionId?: string | undefined },
    { caller }: Call,
  ) => {
    const object = { Bucket: input.Bucket, Key, ...(VersionId !== undefined && { VersionId }) };
    world.authorizeCaller(
      caller,
      permissionOnObject(VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', object),
    );
    return deleteObject(find(input.Bucket), Key, world.clock.nowMs(), VersionId);
  };
  const listVersions: OperationHandler<
    ListObjectVersionsCommandInput & InBucket,
    Answer<ListObjectVersionsCommandOutput>
  > = {
    authorize: (input) => [{ action: 's3:ListBucketVersions', resource: arnOf(input) }],
    run: (input) => {
      const { Prefix = '' } = input;
      const all = [...find(input.Bucket).versions.values()]
        .flatMap((versions) => versions.map((one, index) => ({ ...one, isLatest: index === versions.length - 1 })))
        .filter(({ key }) => key.startsWith(Prefix))
        .map(({ key, versionId = 'null', isLatest, isDeleteMarker, modifiedMs }) => ({
          Key: key,
          VersionId: versionId,
          IsLatest: isLatest,
          LastModified: new Date(modifiedMs),
          isDeleteMarker,
        }));
      const of = (isMarker: boolean) =>
        all.filter((one) => one.isDeleteMarker === isMarker).map(({ isDeleteMarker: _kind, ...one }) => one);
      return { Name: input.Bucket, Prefix, IsTruncated: false, Versions: of(false), DeleteMarkers: of(true) };
    },
  };
  const deleteMany: OperationHandler<DeleteObjectsCommandInput & InBucket, Answer<DeleteObjectsCommandOutput>> = {
    authorize: () => [],
    run: (input, call) => {
      const answers = (input.Delete?.Objects ?? []).map((one) => {
        try {
          removeOne(input, one, call);
          return { deleted: { Key: one.Key, VersionId: one.VersionId } };
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          const Code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
          return { error: { Key: one.Key, VersionId: one.VersionId, Code, Message: error.message } };
        }
      });
      return {
        Deleted: answers.flatMap(({ deleted }) => (deleted === undefined ? [] : [deleted])),
        Errors: answers.flatMap(({ error }) => (error === undefined ? [] : [error])),
      };
    },
  };
  const head: OperationHandler<InBucket> = {
    authorize: (input) => [{ action: 's3:ListBucket', resource: arnOf(input) }],
    run: (input) => {
      find(input.Bucket);
      return { BucketRegion: world.region };
    },
  };
  return { ListObjectVersions: listVersions, DeleteObjects: deleteMany, HeadBucket: head };
};

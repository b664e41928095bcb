import { AwsError, type Caller, type Permission } from '../../service.ts';
import { isRecord } from '../../template/intrinsics.ts';

/** What a request says of the template, and of what the stack may hold. */
export type TemplateInput = {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly Capabilities?: readonly string[] | undefined;
};

/** CloudFormation User Guide, "Understand CloudFormation quotas": in a request, and in a bucket. */
const mostBytesInRequest = 51_200;
const mostBytesInBucket = 1_000_000;

const refuse = (message: string): never => {
  throw new AwsError('ValidationError', 400, message);
};

/** Bucket and key of an address in either of S3's forms. */
const placeOf = (url: string): { readonly bucket: string; readonly key: string } => {
  const { hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  const ownHost = /^(.+)\.s3[.-][^/]*amazonaws\.com/.exec(hostname)?.[1];
  if (ownHost !== undefined) return { bucket: ownHost, key: path };
  const cut = path.indexOf('/');
  if (!hostname.startsWith('s3') || cut < 0) refuse(`TemplateURL must be a supported URL: ${url}`);
  return { bucket: path.slice(0, cut), key: path.slice(cut + 1) };
};

/**
 * The text of a template, from the request or from a bucket, which CloudFormation reads in its caller's name.
 *
 * @throws AwsError ValidationError for one that is too large for its way, InsufficientCapabilities where roles are named
 */
export const readTemplateText = (
  input: TemplateInput,
  caller: Caller,
  world: {
    readonly authorizeCaller: (caller: Caller, permission: Permission) => void;
    readonly readObject: (bucket: string, key: string) => Uint8Array;
  },
): string => {
  const { TemplateBody: body, TemplateURL: url } = input;
  if (url === undefined) {
    if (body === undefined) return refuse('Either Template URL or Template Body must be specified.');
    const bytes = Buffer.byteLength(body);
    if (bytes > mostBytesInRequest)
      refuse(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${mostBytesInRequest}`,
      );
    return body;
  }
  const { bucket, key } = placeOf(url);
  world.authorizeCaller(caller, { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key}` });
  const text = Buffer.from(world.readObject(bucket, key)).toString('utf8');
  if (Buffer.byteLength(text) > mostBytesInBucket) refuse('Template may not exceed 1000000 bytes in size.');
  return text;
};

/** A role with a name of its own wants to be acknowledged. */
export const requireCapabilities = (text: string, { Capabilities: capabilities = [] }: TemplateInput): void => {
  const document: unknown = JSON.parse(text);
  const resources = isRecord(document) && isRecord(document.Resources) ? Object.values(document.Resources) : [];
  const hasNamedRole = resources.some(
    (one) => isRecord(one) && one.Type === 'AWS::IAM::Role' && isRecord(one.Properties) && 'RoleName' in one.Properties,
  );
  if (hasNamedRole && !capabilities.includes('CAPABILITY_NAMED_IAM'))
    throw new AwsError('InsufficientCapabilitiesException', 400, 'Requires capabilities : [CAPABILITY_NAMED_IAM]');
};

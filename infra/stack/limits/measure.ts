import { type Limit, limitsByType, mostLogicalIdCharacters, type Unit } from '../../../shared/deployment/limits.ts';
import type { Json, Resource, Resources } from '../../../shared/deployment/template.ts';

/** What of a template AWS would refuse, or what the table of limits does not know. */
export type LimitProblem = { readonly logicalId: string; readonly message: string; readonly setting?: string };

/** The longest ARN before its name: `arn:aws-us-gov:cloudformation:ap-southeast-7:111122223333:…`, and what stands between. */
const longestArnFrame = 80;
/**
 * Of what a policy or a rule names often, exactly: `arn:aws-us-gov:iam::111122223333:role/`, `arn:aws-us-gov:s3:::`, a metric
 * alarm by its name alone, and `arn:aws-us-gov:cloudwatch:ap-southeast-7:111122223333:alarm:`.
 */
const frameByType: Readonly<Record<string, number>> = {
  'AWS::IAM::Role': 39,
  'AWS::S3::Bucket': 20,
  'AWS::CloudWatch::Alarm': 0,
  'AWS::CloudWatch::CompositeAlarm': 60,
};
/** A name that CloudFormation chooses: a bucket has 63 characters, a key's id 36. */
const longestChosenName = 63;

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The logical id that a `Ref` or `GetAtt` is about; undefined for anything else. */
const referredBy = (value: Json): string | undefined => {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const [target] = [value.Ref, Array.isArray(value['Fn::GetAtt']) ? value['Fn::GetAtt'][0] : undefined].filter(
    (one) => typeof one === 'string',
  );
  return typeof target === 'string' ? target : undefined;
};

const lengthOfArn = (resource: Resource | undefined): number => {
  const names = ['RoleName', 'TopicName', 'QueueName', 'FunctionName', 'AlarmName', 'Name'].map(
    (key) => resource?.Properties[key],
  );
  const name = names.find((one) => typeof one === 'string')?.length ?? longestChosenName;
  return (frameByType[resource?.Type ?? ''] ?? longestArnFrame) + name;
};

/** Values as they will be: references are as long as their ARN may become, joins are one text. */
export const filled = (value: Json, resources: Resources): Json => {
  const target = referredBy(value);
  if (target !== undefined) return 'x'.repeat(lengthOfArn(resources[target]));
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, resources));
  if (!isObject(value)) return value;
  const joined = value['Fn::Join'];
  if (Array.isArray(joined) && Array.isArray(joined[1]))
    return joined[1].map((part: Json) => String(filled(part, resources))).join(String(joined[0]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, resources)]));
};

const sizeOf = (value: Json, unit: Unit): number => {
  if (unit === 'items') return Array.isArray(value) ? value.length : 1;
  // Lambda, CloudWatch and IAM count characters; of ours all are in ASCII but names of topics and groups.
  return unit === 'characters' ? String(value).length : Buffer.byteLength(JSON.stringify(value));
};

/** One type's rows by their path, and what lies under which of them needs no row of its own. */
type Rows = { readonly byPath: ReadonlyMap<string, Limit>; readonly open: ReadonlySet<string> };

const withoutStars = (path: string): string => path.replace(/\.\*\*$/, '');

const rowsByType: ReadonlyMap<string, Rows> = new Map(
  Object.entries(limitsByType).map(([type, limits]) => {
    const open = limits.filter(({ path, unit }) => path.endsWith('.**') || unit === 'bytes');
    return [
      type,
      {
        byPath: new Map(limits.map((limit) => [limit.path, limit])),
        open: new Set(open.map(({ path }) => withoutStars(path))),
      },
    ];
  }),
);

const table = 'shared/deployment/limits.ts';

/** A resource as its rows are held against it. */
type Judged = { readonly logicalId: string; readonly type: string; readonly rows: Rows };

const judge = ({ logicalId, type, rows }: Judged, path: string, value: Json): readonly LimitProblem[] => {
  const { most, unit = 'characters', setting } = rows.byPath.get(path) ?? {};
  const size = most === undefined ? 0 : sizeOf(value, unit);
  if (most === undefined || size <= most) return [];
  const message = `${logicalId} (${type}): ${path} has ${size} ${unit}, AWS takes ${most}`;
  return [{ logicalId, message, ...(setting !== undefined && { setting }) }];
};

/** A document is measured as a whole; of other maps and lists each text needs a row. */
const walk = (judged: Judged, path: string, value: Json, isOpen: boolean): readonly LimitProblem[] => {
  const { logicalId, type, rows } = judged;
  const isUnknown = typeof value === 'string' && !isOpen && !rows.byPath.has(path);
  const within = isOpen || rows.open.has(path);
  const items: readonly LimitProblem[] = Array.isArray(value)
    ? value.flatMap((item: Json) => walk(judged, `${path}[]`, item, within))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, item]) => walk(judged, path === '' ? key : `${path}.${key}`, item, within))
      : [];
  return [
    ...(isUnknown ? [{ logicalId, message: `${logicalId}: ${type} ${path} has no row in ${table}` }] : []),
    ...judge(judged, path, value),
    ...items,
  ];
};

/**
 * Holds every name, text, list and document of a template against what AWS takes, and says which of them nobody has looked up.
 *
 * @param resources of a stack, or of the finished template
 */
export const findLimitProblems = (resources: Resources): readonly LimitProblem[] =>
  Object.entries(resources).flatMap(([logicalId, resource]) => {
    const rows = rowsByType.get(resource.Type);
    if (rows === undefined) return [{ logicalId, message: `${logicalId}: ${resource.Type} has no rows in ${table}` }];
    const tooLong = `the logical id ${logicalId} has more than ${mostLogicalIdCharacters} characters`;
    return [
      ...(logicalId.length > mostLogicalIdCharacters ? [{ logicalId, message: tooLong }] : []),
      ...walk({ logicalId, type: resource.Type, rows }, '', filled(resource.Properties ?? {}, resources), false),
    ];
  });

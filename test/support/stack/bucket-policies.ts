import { parsePolicy } from '../../../local/aws/iam/policy.ts';
import type { Json, JsonObject, Resources } from '../../../shared/deployment/template.ts';
import { type Asked, isAllowedBy } from '../aws/resource-policies.ts';

/** A call that somebody with every right of his own makes, and whether it is to be let through. */
export type Case = Omit<Required<Asked>, 'identityPolicies' | 'service'> & {
  readonly who: string;
  readonly service?: string;
  readonly expected: boolean;
};

/**
 * A bucket's policy with its references as they will be.
 *
 * @param bucketArns by logical id
 */
export const policyWith = (
  resources: Resources,
  logicalId: string,
  bucketArns: Readonly<Record<string, string>>,
): JsonObject => {
  const arns = new Map([
    ...Object.entries(bucketArns),
    ...Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::IAM::Role' ? [[id, `arn:aws:iam::111122223333:role/${String(Properties.RoleName)}`] as const] : [],
    ),
  ]);
  const filled = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    const { 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as JsonObject;
    if (Array.isArray(attribute)) {
      const arn = arns.get(String(attribute[0]));
      if (arn === undefined) throw new Error(`nobody said what ${JSON.stringify(attribute)} is`);
      return arn;
    }
    if (Array.isArray(joined) && Array.isArray(joined[1])) return joined[1].map(filled).join(String(joined[0]));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]));
  };
  const document = filled(resources[logicalId]?.Properties.PolicyDocument ?? {});
  return document as JsonObject;
};

/** The cases that a policy judges otherwise than is expected. */
export const wrongOf = (document: unknown, asked: readonly Case[]): readonly string[] => {
  const policy = parsePolicy(document);
  return asked
    .filter((one) => isAllowedBy(policy, one) !== one.expected)
    .map((one) => `${one.who} ${one.action} ${one.resource} ${JSON.stringify(one.context)}: expected ${one.expected}`);
};

/** Whether a policy with these statements lets through or denies what it should not: the first such case is enough. */
export const isWrong = (Statement: readonly Json[], asked: readonly Case[]): boolean => {
  const policy = parsePolicy({ Version: '2012-10-17', Statement });
  return asked.some((one) => isAllowedBy(policy, one) !== one.expected);
};

/** By what way a call may reach a bucket, and whether everybody, or only the configuration's deployment role, gets through. */
const ways = [
  [{}, 'nobody'],
  [{ 'aws:ViaAWSService': 'false' }, 'nobody'],
  [{ 'aws:ViaAWSService': 'true', 'aws:CalledViaFirst': 'athena.amazonaws.com' }, 'deployment'],
  [{ 'aws:ViaAWSService': 'true', 'aws:CalledViaFirst': 'servicecatalog.amazonaws.com' }, 'deployment'],
  [{ 'aws:CalledViaFirst': 'athena.amazonaws.com' }, 'nobody'],
  [{ 'aws:ViaAWSService': 'true', 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' }, 'everybody'],
  [{ 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' }, 'everybody'],
] as const;

/** Every way to change a bucket itself, by one role. */
export const changesOfBucket = (
  { who, roleArn }: Pick<Case, 'who' | 'roleArn'>,
  {
    actions,
    bucketArn,
    mends,
    deploys,
  }: {
    readonly actions: readonly string[];
    readonly bucketArn: string;
    readonly mends: boolean;
    readonly deploys: boolean;
  },
): readonly Case[] =>
  ways.flatMap(([context, open]) =>
    actions.map((action) => {
      const expected = mends || open === 'everybody' || (open === 'deployment' && deploys);
      return { who, roleArn, action, resource: bucketArn, context, expected };
    }),
  );

/** What a CloudFormation template is made of. Plain data, so that tests read it as CloudFormation will. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type Resource = {
  readonly Type: string;
  readonly Properties: JsonObject;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: 'Retain' | 'Delete';
  readonly UpdateReplacePolicy?: 'Retain' | 'Delete';
};

/** By logical id. */
export type Resources = Readonly<Record<string, Resource>>;

export const ref = (logicalId: string): JsonObject => ({ Ref: logicalId });
export const getAtt = (logicalId: string, attribute: string): JsonObject => ({
  'Fn::GetAtt': [logicalId, attribute],
});

/** `disk-used` → `DiskUsed`: logical ids have letters and digits only. */
export const pascalCase = (kebab: string): string =>
  kebab
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

export type Statement = {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Json;
  readonly Action: readonly string[];
  /** Absent in trust policies alone. */
  readonly Resource?: Json;
  readonly Condition?: JsonObject;
};

/** A resource policy's denial of everybody whom its condition does not leave out: here alone `Not…` is safe. */
export type Denial = {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Principal: '*';
  readonly Condition?: JsonObject;
} & ({ readonly Action: readonly string[] } | { readonly NotAction: readonly string[] }) &
  ({ readonly Resource: Json } | { readonly NotResource: Json });

export const allow = (Sid: string, Action: readonly string[], Resource: Json): Statement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});

export const policyDocument = (statements: readonly (Statement | Denial)[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});

/**
 * A topic's guard: nobody publishes but these roles and the services that its other statements let in, not even who may do
 * anything anywhere. A service has no ARN of a principal, and says that it is one.
 */
export const publishedByThese = (topicArn: Json, roleArns: readonly Json[]): Denial => ({
  Sid: 'NobodyElse',
  Effect: 'Deny',
  Principal: '*',
  Action: ['sns:Publish'],
  Resource: topicArn,
  Condition: {
    Bool: { 'aws:PrincipalIsAWSService': 'false' },
    ...(roleArns.length > 0 && { ArnNotEquals: { 'aws:PrincipalArn': roleArns } }),
  },
});

/** A resource policy's guard: what comes without TLS is refused, whoever sends it. */
export const denyWithoutTls = (action: string, resource: Json): Statement => ({
  Sid: 'DenyWithoutTls',
  Effect: 'Deny',
  Principal: '*',
  Action: [action],
  Resource: resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

import type { Json, JsonObject, Resources } from '../../../shared/deployment/template.ts';

/** Where the resources of the judged templates would be. */
const account = 'eu-west-1:111122223333';

/** What CloudFormation would put for a resource's ARN, in the form that its type has; its logical id for its name. */
const arnByType: Readonly<Record<string, (logicalId: string) => string>> = {
  'AWS::Events::EventBus': (id) => `arn:aws:events:${account}:event-bus/${id}`,
  'AWS::KMS::Key': () => `arn:aws:kms:${account}:key/00000000-0000-4000-8000-000000000000`,
  'AWS::Lambda::Function': (id) => `arn:aws:lambda:${account}:function:${id}`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:${account}:${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${account}:${id}`,
};

const isMap = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/**
 * A policy's JSON with every reference in it replaced, as the judges want it.
 *
 * @throws Error for a reference that no ARN is known for: a judge that sees no policy would find nothing in it
 */
export const resolvePolicy = (value: Json, resources: Resources): Json => {
  const arnOf = (logicalId: Json | undefined): string => {
    const type = typeof logicalId === 'string' ? resources[logicalId]?.Type : undefined;
    const make = type === undefined ? undefined : arnByType[type];
    if (make === undefined)
      throw new Error(`infra/checks/judges/policies.ts knows no ARN of ${String(logicalId)} (${type})`);
    return make(String(logicalId));
  };
  if (Array.isArray(value)) return value.map((item) => resolvePolicy(item, resources));
  if (!isMap(value)) return value;
  if (value.Ref !== undefined) return arnOf(value.Ref);
  if (value['Fn::GetAtt'] !== undefined) return arnOf(listOf(value['Fn::GetAtt'])[0]);
  if (value['Fn::Join'] !== undefined) {
    const [between = '', parts = []] = listOf(value['Fn::Join']);
    return listOf(parts)
      .map((part) => resolvePolicy(part, resources))
      .join(String(between));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolvePolicy(item, resources)]));
};

/** Every policy of every role in a packaged template, by the role's logical id: one for each, as IAM adds them up. */
export const policiesOf = (resources: Resources): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .map(([logicalId, { Properties }]) => [
        logicalId,
        {
          Version: '2012-10-17',
          Statement: listOf(Properties.Policies).flatMap((policy) => {
            const document = isMap(policy) ? policy.PolicyDocument : undefined;
            const statements = document !== undefined && isMap(document) ? listOf(document.Statement) : [];
            return statements.map((statement) => resolvePolicy(statement, resources));
          }),
        },
      ]),
  );

import type { AwsWorld } from '../world.ts';
import { type Policy, parsePolicy, parseTrustPolicy } from './policy.ts';

/** What the service-role policies of AWS, as far as templates name them, allow a function. */
const MANAGED_POLICIES: Readonly<Record<string, Policy>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ]),
};

/** A key that no template made is taken to let the alarms in that docs/deploy.md asks for, and to leave the rest to the account. */
const policiesOfStrangeKeys: readonly Policy[] = [
  parsePolicy({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
      },
    ],
  }),
];

/** Registers roles and keys. A role with a managed policy that is not known here is refused, never guessed. */
export function addIamResources(world: AwsWorld): void {
  const keyPolicies = new Map<string, readonly Policy[]>();

  world.addCreator('AWS::IAM::Role', ({ logicalId, properties, stackName, accountId }) => {
    const inline = listOf(properties.Policies).map((each) => parsePolicy(each.PolicyDocument));
    const managed = (Array.isArray(properties.ManagedPolicyArns) ? properties.ManagedPolicyArns : []).map(
      managedPolicy,
    );
    const role = world.identities.addRole({
      name: String(properties.RoleName ?? `${stackName}-${logicalId}`),
      policies: [...inline, ...managed],
      trust: parseTrustPolicy(properties.AssumeRolePolicyDocument),
    });
    // Role ids are stable words of letters and digits that begin with AROA.
    const RoleId = `AROA${Buffer.from(`${accountId}${role.name}`).toString('hex').slice(0, 17).toUpperCase()}`;
    return { ref: role.name, attributes: { Arn: role.arn, RoleId } };
  });

  world.addCreator('AWS::KMS::Key', ({ logicalId, properties, region, accountId }) => {
    const keyId = `local-${logicalId.toLowerCase()}`;
    const arn = `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
    keyPolicies.set(arn, [parsePolicy(properties.KeyPolicy)]);
    return { ref: keyId, attributes: { Arn: arn, KeyId: keyId } };
  });
  world.addCreator('AWS::KMS::Alias', ({ properties }) => ({ ref: String(properties.AliasName), attributes: {} }));
  world.addResourcePolicies('kms', (arn) => keyPolicies.get(arn) ?? policiesOfStrangeKeys);
}

function managedPolicy(arn: unknown): Policy {
  const policy = MANAGED_POLICIES[String(arn).replace(/^arn:aws:iam::aws:policy\//, '')];
  if (policy) return policy;
  throw new Error(`the managed policy ${String(arn)} is not known to the local world`);
}

function allow(Action: readonly string[]): Policy {
  return parsePolicy({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}

function listOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

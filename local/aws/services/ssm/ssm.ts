import * as SsmClient from '@aws-sdk/client-ssm';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Parameter Store, read by functions and set by drills (the kill switch). */
export type Ssm = {
  /** @param by who writes it, as GetParameterHistory names him */
  put(name: string, value: string, type?: 'String' | 'SecureString', by?: string): void;
  remove(name: string): void;
};

type Parameter = {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  readonly type: SsmClient.ParameterType;
  readonly version: number;
  readonly modifiedMs: number;
};

/** Adds SSM Parameter Store to the world. */
export function createSsm(world: AwsWorld): Ssm {
  const parameters = new Map<string, Parameter>();
  const history = new Map<string, (Parameter & { readonly by: string })[]>();
  const arnOf = (name: string): string =>
    `arn:aws:ssm:${world.region}:${world.accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  const put: Ssm['put'] = (name, value, type = 'String', by = `arn:aws:iam::${world.accountId}:root`) => {
    const version = (parameters.get(name)?.version ?? 0) + 1;
    const written = { name, arn: arnOf(name), value, type, version, modifiedMs: world.clock.nowMs() };
    parameters.set(name, written);
    history.set(name, [...(history.get(name) ?? []), { ...written, by }]);
  };
  const remove: Ssm['remove'] = (name) => {
    parameters.delete(name);
    history.delete(name);
  };
  world.addDynamicReference('ssm', (reference) => {
    const [name = '', version] = reference.split(':');
    const found = parameters.get(name);
    if (found && (version === undefined || Number(version) === found.version)) return found.value;
    throw new Error(`the parameter ${reference} does not exist in the local world`);
  });
  world.addCreator('AWS::SSM::Parameter', ({ logicalId, stackName, properties }) => {
    const name = String(properties.Name ?? `${stackName}-${logicalId}`);
    // CloudFormation never writes over what is there.
    if (parameters.has(name)) throw new Error(`AlreadyExists: the parameter ${name} exists already`);
    put(name, String(properties.Value ?? ''));
    return { ref: name, attributes: { Type: 'String', Value: String(properties.Value ?? '') } };
  });
  world.addService({
    signingName: 'ssm',
    protocol: 'aws-json-1.1',
    clientModule: SsmClient,
    operations: {
      // Without decryption a sealed value comes as its ciphertext, which is neither on nor off.
      GetParameterHistory: {
        authorize: ({ Name = '' }: SsmClient.GetParameterHistoryCommandInput) => [
          { action: 'ssm:GetParameterHistory', resource: arnOf(Name) },
        ],
        run: ({ Name = '' }: SsmClient.GetParameterHistoryCommandInput) => {
          const versions = history.get(Name);
          if (versions === undefined) throw new AwsError('ParameterNotFound', 400, '');
          return {
            Parameters: versions.map(({ name, value, type, version, modifiedMs, by }) => ({
              Name: name,
              Value: type === 'SecureString' ? Buffer.from(`sealed ${name}`).toString('base64') : value,
              Type: type,
              Version: version,
              LastModifiedDate: new Date(modifiedMs),
              LastModifiedUser: by,
            })),
          };
        },
      },
      GetParameter: {
        authorize: (input: SsmClient.GetParameterCommandInput) => {
          const name = input.Name ?? '';
          return [{ action: 'ssm:GetParameter', resource: name.startsWith('arn:') ? name : arnOf(name) }];
        },
        run: (input: SsmClient.GetParameterCommandInput) => {
          const found = [...parameters.values()].find(({ name, arn }) => name === input.Name || arn === input.Name);
          if (!found) throw new AwsError('ParameterNotFound', 400, '');
          const isSealed = found.type === 'SecureString' && input.WithDecryption !== true;
          return {
            Parameter: {
              Name: found.name,
              ARN: found.arn,
              Type: found.type,
              // Without decryption SSM answers with the ciphertext, which is of no use to the caller.
              Value: isSealed ? Buffer.from(`sealed ${found.name}`).toString('base64') : found.value,
              Version: found.version,
              LastModifiedDate: new Date(found.modifiedMs),
              DataType: 'text',
            },
          };
        },
      },
    },
  });
  return { put, remove };
}

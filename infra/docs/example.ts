import { join } from 'node:path';
import { readConfigurationText } from '../../shared/configuration/bundled.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { judgeConfiguration } from '../configuration/parse-configuration.ts';

export const exampleKey = 'orders';

/** The smallest sound mskeeper.yml: what the documents' numbers are of. */
const text = `version: 1
clusters:
  ${exampleKey}:
    arn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4
    region: eu-west-1
    role: primary
    brokerCount: 3
    authentication: { kind: iam }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }
`;

const presets = join(import.meta.dirname, '../../presets');

/** @throws Error where the example itself is wrong: a mistake of ours */
export const exampleConfiguration = (): Configuration => {
  const { configuration, mistakes } = judgeConfiguration(text, (name) =>
    readConfigurationText(join(presets, `${name}.yml`)),
  );
  if (configuration === undefined) throw new Error(`infra/docs/example.ts: ${JSON.stringify(mistakes)}`);
  return configuration;
};

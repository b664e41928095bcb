import type { CreatedResource } from '../../../local/aws/template/resource.ts';
import type { AwsWorld } from '../../../local/aws/world.ts';
import { ACCOUNT_ID, REGION } from './aws.ts';

/** Creates one resource as a resolved template would. */
export async function createResource(
  world: AwsWorld,
  type: string,
  properties: Readonly<Record<string, unknown>>,
  logicalId = 'Resource',
): Promise<CreatedResource> {
  const creator = world.creators.get(type);
  if (!creator) throw new Error(`no creator for ${type}`);
  return creator({ logicalId, type, properties, stackName: 'test', region: REGION, accountId: ACCOUNT_ID });
}

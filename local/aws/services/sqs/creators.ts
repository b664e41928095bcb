import { randomUUID } from 'node:crypto';
import { parsePolicy } from '../../iam/policy.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import type { Queue } from './queue.ts';

/** Registers the SQS resources of a template. */
export function addQueueResources(
  world: AwsWorld,
  queues: Map<string, Queue>,
  find: (nameOrUrlOrArn: string) => Queue,
): void {
  world.addCreator('AWS::SQS::Queue', ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.QueueName ?? `${stackName}-${logicalId}-${randomUUID().slice(0, 12)}`);
    const { QueueName: _name, Tags: _tags, ...given } = properties;
    const texts = Object.entries(given).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    const attributes: Readonly<Record<string, string>> = Object.fromEntries(texts);
    const url = `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    const redrive = attributes.RedrivePolicy === undefined ? undefined : readRedrive(attributes.RedrivePolicy, queues);
    queues.set(name, { name, arn, url, attributes, redrive, policies: [], messages: [], listeners: new Set() });
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  });
  world.addCreator('AWS::SQS::QueuePolicy', ({ logicalId, properties }) => {
    const policy = parsePolicy(properties.PolicyDocument);
    const urls = Array.isArray(properties.Queues) ? properties.Queues : [];
    for (const url of urls) find(String(url)).policies = [policy];
    return { ref: logicalId, attributes: {} };
  });
}

/** @throws AwsError InvalidParameterValue in SQS's own words */
function readRedrive(text: string, queues: ReadonlyMap<string, Queue>): Queue['redrive'] {
  const refuse = (reason: string) =>
    new AwsError(
      'InvalidParameterValue',
      400,
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as {
    deadLetterTargetArn?: string;
    maxReceiveCount?: number | string;
  }; // a template's plain data
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    const value = String(maxReceiveCount);
    throw refuse(`Invalid value for maxReceiveCount: ${value}, valid values are from 1 to 1000 both inclusive.`);
  }
  const to = [...queues.values()].find(({ arn }) => arn === deadLetterTargetArn);
  if (to === undefined) throw refuse('Dead letter target does not exist.');
  return { maxReceiveCount: count, to };
}

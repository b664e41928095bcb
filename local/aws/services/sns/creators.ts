import { randomUUID } from 'node:crypto';
import { parsePolicy } from '../../iam/policy.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { readFilterPolicy } from './filter-policy.ts';
import { PROTOCOLS, type SnsProtocol, type Subscription, subscriptionsOf, type Topic } from './topic.ts';

/** What SNS does of itself before a person confirms: these endpoints are asked first. */
const ASKED_FIRST: readonly SnsProtocol[] = ['email', 'email-json', 'http', 'https'];

/** SNS Developer Guide, "Filter policy constraints": of one topic's subscriptions, by default. */
const mostFilters = 200;

/** Registers the SNS resources of a template. */
export function addTopicResources(world: AwsWorld, topics: Map<string, Topic>, find: (arn: string) => Topic): void {
  const subscribe = (topicArn: string, properties: Readonly<Record<string, unknown>>): string => {
    const protocol = PROTOCOLS.find((known) => known === properties.Protocol);
    if (!protocol) throw new Error(`the SNS protocol ${String(properties.Protocol)} is not served here`);
    const topic = find(topicArn);
    const { FilterPolicy: policy, FilterPolicyScope: scope } = properties;
    const filter = policy === undefined ? undefined : readFilterPolicy(policy, scope);
    const redrive = properties.RedrivePolicy as { deadLetterTargetArn?: string } | undefined; // a template's plain data
    const asked = {
      endpoint: String(properties.Endpoint),
      isRaw: String(properties.RawMessageDelivery) === 'true',
      filter,
      deadLetterQueueArn: redrive?.deadLetterTargetArn,
    };
    const live = subscriptionsOf(topic, world.clock.nowMs()).find(
      (one) => one.protocol === protocol && one.endpoint === asked.endpoint,
    );
    if (live !== undefined) return sameAsAsked(live, asked);
    if (filter !== undefined && topic.subscriptions.filter((each) => each.filter !== undefined).length >= mostFilters) {
      throw new AwsError('FilterPolicyLimitExceededException', 403, 'Filter policy limit exceeded');
    }
    const arn = `${topicArn}:${randomUUID()}`;
    topic.subscriptions.push({
      arn,
      topicArn,
      protocol,
      ...asked,
      createdMs: world.clock.nowMs(),
      isConfirmed: !ASKED_FIRST.includes(protocol),
    });
    return arn;
  };

  world.addCreator('AWS::SNS::Topic', ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.TopicName ?? `${stackName}-${logicalId}-${randomUUID().slice(0, 12)}`);
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    const keyArn = keyArnOf(properties.KmsMasterKeyId, region, accountId);
    const displayName = properties.DisplayName === undefined ? undefined : String(properties.DisplayName);
    topics.set(arn, { arn, name, displayName, keyArn, policies: [defaultPolicy(arn, accountId)], subscriptions: [] });
    const inline = Array.isArray(properties.Subscription) ? properties.Subscription : [];
    for (const subscription of inline) subscribe(arn, subscription);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  });
  world.addCreator('AWS::SNS::Subscription', ({ properties }) => {
    const arn = subscribe(String(properties.TopicArn), properties);
    return { ref: arn, attributes: { Arn: arn } };
  });
  world.addCreator('AWS::SNS::TopicPolicy', ({ logicalId, properties }) => {
    const policy = parsePolicy(properties.PolicyDocument);
    const arns = Array.isArray(properties.Topics) ? properties.Topics : [];
    for (const arn of arns) find(String(arn)).policies = [policy];
    return { ref: logicalId, attributes: {} };
  });
}

type Asked = Pick<Subscription, 'endpoint' | 'isRaw' | 'filter' | 'deadLetterQueueArn'>;

/**
 * SNS takes an address once a topic: asked for the same again it answers with the subscription that is there, and asked for one
 * with other attributes it refuses. Seen on AWS by go-to-k/cdkd#1967; its words as in localstack/localstack#8816.
 *
 * @returns the ARN of what is there
 * @throws AwsError InvalidParameterException
 */
function sameAsAsked(live: Subscription, asked: Asked): string {
  const isSame =
    live.isRaw === asked.isRaw &&
    live.filter?.text === asked.filter?.text &&
    live.deadLetterQueueArn === asked.deadLetterQueueArn;
  if (isSame) return live.arn;
  throw new AwsError(
    'InvalidParameterException',
    400,
    'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
  );
}

/** What a topic without a policy of its own allows: the account that owns it. Source: SNS Developer Guide, "Access control". */
function defaultPolicy(arn: string, accountId: string) {
  const Condition = { StringEquals: { 'AWS:SourceOwner': accountId } };
  return parsePolicy({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: arn, Condition }],
  });
}

/** Undefined for a topic without encryption or with AWS's own key, which needs no permission. */
function keyArnOf(keyId: unknown, region: string, accountId: string): string | undefined {
  if (keyId === undefined || keyId === 'alias/aws/sns') return undefined;
  return String(keyId).startsWith('arn:') ? String(keyId) : `arn:aws:kms:${region}:${accountId}:key/${String(keyId)}`;
}

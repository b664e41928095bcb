import type { Resource, Resources } from '../../shared/deployment/template.ts';

/** Types that take `Tags` as a list of Key and Value. osls tags the functions by itself, and their log groups by `extensionsOf`. */
const taggable: ReadonlySet<string> = new Set([
  'AWS::Chatbot::SlackChannelConfiguration',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventSourceMapping',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::ScheduleGroup',
]);

/** The one type of ours whose tags are a map. */
const taggedByMap = 'AWS::SSM::Parameter';

/** Tags as templates list them. */
export const listedTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The same resources, each that can bear tags with them. */
export const tagged = (tags: Readonly<Record<string, string>>, resources: Resources): Resources => {
  const Tags = listedTags(tags);
  return Object.fromEntries(
    Object.entries(resources).map(([logicalId, resource]): [string, Resource] => {
      const own = taggable.has(resource.Type) ? Tags : resource.Type === taggedByMap ? tags : undefined;
      return [
        logicalId,
        own === undefined ? resource : { ...resource, Properties: { ...resource.Properties, Tags: own } },
      ];
    }),
  );
};

import type { Resource, Resources } from '../../shared/deployment/template.ts';

/** Types that take `Tags` as a list of Key and Value. osls tags the functions and their log groups by itself. */
const taggable: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::ScheduleGroup',
]);

/** The same resources, each that can bear tags with them. */
export const tagged = (tags: Readonly<Record<string, string>>, resources: Resources): Resources => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return Object.fromEntries(
    Object.entries(resources).map(([logicalId, resource]): [string, Resource] => [
      logicalId,
      taggable.has(resource.Type) ? { ...resource, Properties: { ...resource.Properties, Tags } } : resource,
    ]),
  );
};

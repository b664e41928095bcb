import { expect, test } from 'vitest';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { mergeResources, resourcesOf } from '../../../../shared/deployment/resources.ts';

const alarm = (AlarmName: string) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName } });

test('a second use of a logical id is refused with both resources, in one list and across lists', () => {
  const twice = () =>
    resourcesOf([
      ['One', alarm('a')],
      ['One', alarm('b')],
    ]);
  expect(twice).toThrow(ConfigError);
  expect(twice).toThrow(
    'two resources would have the logical id One: AWS::CloudWatch::Alarm "a" and AWS::CloudWatch::Alarm "b"',
  );
  expect(() => mergeResources({ One: alarm('a') }, { One: alarm('b') })).toThrow(ConfigError);
});

test('a second use of a name is refused with both ids; another type may bear it', () => {
  expect(() => mergeResources({ One: alarm('a') }, { Two: alarm('a') })).toThrow(
    'two resources, One and Two, would be the AWS::CloudWatch::Alarm a',
  );
  const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'a' } };
  expect(Object.keys(mergeResources({ One: alarm('a') }, { Two: queue }))).toEqual(['One', 'Two']);
});

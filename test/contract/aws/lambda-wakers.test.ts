import { beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { attemptsOf, aws, cloudWatch, define, lambda } = await serveLambda({
  'app.mjs': 'export const works = async (event) => ({ seen: event });',
});
const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;

beforeAll(() => {
  aws.role('function', { Effect: 'Allow', Action: 'logs:*', Resource: '*' });
});

describe('another service', () => {
  const rule = `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/light`;
  const deliver = (targetArn: string, sourceArn = rule, service = 'events.amazonaws.com') =>
    aws.world.deliver({ sender: { kind: 'service', service, sourceArn }, targetArn, payload: '{"from":"rule"}' });

  test('needs a permission on the function, for its own source', async () => {
    await define('woken', { Handler: 'app.works' });
    await expect(deliver(functionArn('woken'))).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await createResource(aws.world, 'AWS::Lambda::Permission', {
      FunctionName: functionArn('woken'),
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: rule,
    });
    await deliver(functionArn('woken'));
    await lambda.idle();
    expect(attemptsOf('woken').map(({ invokedBy }) => invokedBy)).toEqual([rule]);
    await expect(deliver(functionArn('woken'), `${rule}-other`)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await expect(deliver(functionArn('woken'), rule, 'sns.amazonaws.com')).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('that names a function which does not exist is told so', async () => {
    await expect(deliver(functionArn('nobody'))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('an alarm can be what wakes it', async () => {
    await define('alarmed', { Handler: 'app.works' });
    await createResource(aws.world, 'AWS::Lambda::Permission', {
      FunctionName: 'alarmed',
      Action: 'lambda:InvokeFunction',
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceAccount: ACCOUNT_ID,
    });
    await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'wakes',
      Namespace: 'mskeeper',
      MetricName: 'BrokersUnreachable',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [functionArn('alarmed')],
    });
    const nowMs = aws.clock.nowMs();
    const minuteMs = Math.ceil(nowMs / 60_000) * 60_000;
    cloudWatch.publish({ namespace: 'mskeeper', name: 'BrokersUnreachable', dimensions: {} }, 1, { atMs: minuteMs });
    await cloudWatch.evaluateAlarmsAt(minuteMs + 60_000);
    await lambda.idle();
    expect(attemptsOf('alarmed')).toHaveLength(1);
  });
});

import { rm } from 'node:fs/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { attemptsOf, aws, client, define, directory, lambda } = await serveLambda({
  'src/app.mjs': 'export const sleeps = () => new Promise((resolve) => setTimeout(resolve, 60_000));',
});

test('what runs when its world ends is not tried again, nor anything begun, in folders that are gone', async () => {
  aws.role('function', { Effect: 'Allow', Action: 'logs:*', Resource: '*' });
  await define('sleeps', { Timeout: 100 });
  const invoke = () => client().send(new InvokeCommand({ FunctionName: 'sleeps', InvocationType: 'Event' }));
  await invoke();
  // One more is under way to its process.
  const second = invoke();
  await lambda.stop();
  await second;
  await lambda.idle();
  await rm(directory, { recursive: true, force: true });
  const before = attemptsOf('sleeps').length;
  await aws.clock.advanceTo(aws.clock.nowMs() + 5 * 60_000);
  await lambda.idle();
  expect(attemptsOf('sleeps')).toHaveLength(before);
  await expect(
    lambda.invoke({ functionName: 'sleeps', payload: undefined, invocationType: 'RequestResponse' }),
  ).rejects.toThrow('The world has ended.');
});

import { expect, test } from 'vitest';
import { describeRunning } from '../../../infra/running-runs.ts';

const name = 'mskeeper-orders-storage-scaling-run';

test('after a deploy a person reads which runs go on as they began, and how to end each', () => {
  const executionArn = `arn:aws:lambda:eu-west-1:111122223333:function:${name}:3/durable-execution/orders-storage-scaling-4/1`;
  const lines = describeRunning(name, [{ executionName: 'orders-storage-scaling-4', executionArn }]);
  expect(lines.join('\n')).toContain('with the configuration that they began with');
  expect(lines.at(-1)).toBe(`    aws lambda stop-durable-execution --durable-execution-arn '${executionArn}'`);
});

test('where none is under way nothing is said, and where nobody can tell, that', () => {
  expect(describeRunning(name, [])).toEqual([]);
  expect(describeRunning(name, 'lambda:List: denied').join('\n')).toMatch(
    /unknown: lambda:List: denied\n.*--statuses RUNNING/,
  );
});

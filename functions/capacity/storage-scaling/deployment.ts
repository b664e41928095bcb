import type { Deployment } from '../../../shared/deployment/deployment.ts';
import { planStorageAlarms } from './alarms.ts';

export const deployment = {
  does: 'Enlarges the brokers’ volumes before they are full, once for an alarm, or says what stands against it.',
  answers: ['C5', 'C12', 'I11', 'I12'],
  drills: ['disk-fill', 'approval'],
  function: {
    memoryMiB: 256,
    timeoutSeconds: 30,
    assumedSeconds: 2,
    calls: {
      // Each hour, alarm or not: what is over is told.
      'cloudwatch:DescribeAlarms': 2,
      's3:GetObject state': 1,
      's3:PutObject state': 0,
      'lambda:Invoke run': 0,
      'lambda:ListDurableExecutionsByFunction run': 1,
      'lambda:GetDurableExecution run': 0,
      'ssm:GetParameterHistory kill-switch': 1,
      'events:PutEvents': 1,
    },
  },
  run: {
    does: 'One episode of storage scaling, from the alarm to volumes that have room; waits for days if it must.',
    memoryMiB: 512,
    // A step waits for the arm's look, 40 s at most; one that is cut off begins anew in the next invocation.
    timeoutSeconds: 120,
    assumedSeconds: 5,
    // The run ends itself after seven days; the eighth is for what that takes.
    executionTimeoutDays: 8,
    retentionDays: 30,
    // With half an hour at MSK; test/integration/durable/storage-scaling-bill.test.ts fails where a run needs more.
    actFootprint: {
      act: 'enlargement',
      durableOperationCount: 40,
      invocationCount: 20,
      // 7: the episode at three looks (before the yes, after it, and half an hour into MSK's work), once for who opened it, and
      // once more before the call; the cause's claim, which is not there yet, so no record is looked for; the budget. None is
      // remembered for another: what was read is written over by its version alone. A look more is 1, a try more 3 or, with a
      // record to read, 4.
      s3ReadCount: 8,
      s3WriteCount: 10,
      metricCallCount: 10,
    },
    calls: {
      'lambda:CheckpointDurableExecution': 0,
      'lambda:GetDurableExecutionState': 0,
      'lambda:ListDurableExecutionsByFunction run': 0,
      's3:GetObject state': 0,
      'kafka:DescribeClusterV2': 0,
      'kafka:DescribeClusterOperationV2': 0,
      'kafka:ListClusterOperationsV2': 0,
      'kafka:ListNodes': 0,
      'kafka:GetBootstrapBrokers': 0,
      'kafka:UpdateBrokerStorage': 0,
      'application-autoscaling:DescribeScalableTargets': 0,
      'application-autoscaling:DescribeScalingPolicies': 0,
      'cloudwatch:GetMetricData': 0,
      'cloudwatch:DescribeAlarms': 0,
      'lambda:Invoke kafka-read': 0,
      'ssm:GetParameter kill-switch': 0,
      'ssm:GetParameter cluster-claim': 0,
      's3:GetObject audit': 0,
      's3:PutObject audit': 0,
      's3:GetObject budget': 0,
      's3:PutObject budget': 0,
      's3:PutObject approval': 0,
      's3:GetObject receipt': 0,
      'events:PutEvents': 0,
    },
  },
  // An alarm that stays in ALARM says nothing again: its state is read, and a run begun where none is under way.
  schedules: { watch: { usual: 'rate(1 hour)', keptSeconds: 1800, silenceIs: 'warning' } },
  wokenByAlarms: true,
  busEvents: ['mskeeper storage forecast'],
  alarms: [planStorageAlarms],
  judges: ['scaling.diskUsedPercent', 'storage'],
} as const satisfies Deployment;

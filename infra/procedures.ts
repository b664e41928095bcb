import type { FunctionDefinition } from '../shared/deployment/function-definition.ts';

export const functionDefinitions: readonly FunctionDefinition[] = [
  {
    slug: 'cluster-health',
    handler: 'functions/health/cluster-health/handler.handler',
    description: 'Checks the cluster, light every few minutes and full once a day; changes nothing.',
    memoryMiB: 512,
    // Two looks at a cluster that hangs, where somebody was silent, each of which is given up; then judging and telling.
    timeoutSeconds: 120,
    isInVpc: false,
    isProcedure: true,
    schedules: [
      // Older than the next run is of no use to anybody: the next one sees the same cluster.
      { key: 'cluster-health-light', scope: 'light', maxAgeSeconds: 240 },
      { key: 'cluster-health-full', scope: 'full', maxAgeSeconds: 3600 },
    ],
    isWokenByAlarms: true,
    clients: [
      '@aws-sdk/client-cloudwatch',
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-kafka',
      '@aws-sdk/client-lambda',
      '@aws-sdk/client-s3',
      '@aws-sdk/client-sns',
    ],
  },
  {
    slug: 'kafka-read',
    handler: 'functions/kafka/read/handler.handler',
    description: 'Looks at the brokers from inside the VPC and answers by return value; changes nothing.',
    // A look at 10,000 partitions and 50,000 commits takes under 200 MB; the rest buys the CPU share for TLS and JSON.
    memoryMiB: 1024,
    timeoutSeconds: 60,
    isInVpc: true,
    isProcedure: false,
    schedules: [],
    isWokenByAlarms: false,
    // The signer brings STS, for credentials by a role's ARN, which are not used here.
    clients: ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-sts', 'aws-msk-iam-sasl-signer-js', 'kafkajs'],
  },
  {
    slug: 'storage-scaling',
    handler: 'functions/capacity/storage-scaling/intake.handler',
    description: 'Starts a run of storage scaling, or finds the one under way; tells of one that ended badly.',
    memoryMiB: 256,
    timeoutSeconds: 30,
    isInVpc: false,
    isProcedure: true,
    schedules: [],
    isWokenByAlarms: true,
    starts: 'storage-scaling-run',
    busEvents: ['mskeeper storage forecast'],
    clients: ['@aws-sdk/client-eventbridge', '@aws-sdk/client-lambda', '@aws-sdk/client-s3', '@aws-sdk/client-sns'],
  },
  {
    slug: 'storage-scaling-run',
    handler: 'functions/capacity/storage-scaling/run.handler',
    description: 'One episode of storage scaling, from the alarm to volumes that have room; waits for days if it must.',
    memoryMiB: 512,
    // A step waits for the arm's look, 40 s at most; one that is cut off begins anew in the next invocation.
    timeoutSeconds: 120,
    isInVpc: false,
    isProcedure: true,
    schedules: [],
    isWokenByAlarms: false,
    // The run ends itself after seven days; the eighth is for what that takes.
    durable: { executionTimeoutDays: 8, retentionDays: 30 },
    clients: [
      '@aws-sdk/client-application-auto-scaling',
      '@aws-sdk/client-cloudwatch',
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-kafka',
      '@aws-sdk/client-lambda',
      '@aws-sdk/client-s3',
      '@aws-sdk/client-sns',
      '@aws-sdk/client-ssm',
    ],
  },
];

/**
 * List prices, US East, without free tiers, in USD. `source` is where a number was read, `to be verified` one that was
 * not: prices differ by Region and change, so look at each before you rely on the sum.
 */
export const prices = {
  alarmMetric: { usd: 0.1, per: 1, unit: 'alarm metrics', source: 'to be verified: aws.amazon.com/cloudwatch/pricing' },
  compositeAlarm: { usd: 0.5, per: 1, unit: 'composites', source: 'to be verified: aws.amazon.com/cloudwatch/pricing' },
  customMetric: { usd: 0.3, per: 1, unit: 'metrics', source: 'signoz.io/guides/cloudwatch-pricing, February 2026' },
  metricRequested: { usd: 0.01, per: 1000, unit: 'metrics requested', source: 'support.site24x7.com, on CloudWatch' },
  lambdaGibSecond: {
    usd: 0.0000133334,
    per: 1,
    unit: 'GiB-seconds (arm64)',
    source: 'to be verified: aws.amazon.com/lambda/pricing',
  },
  lambdaRequest: {
    usd: 0.2,
    per: 1_000_000,
    unit: 'requests',
    source: 'to be verified: aws.amazon.com/lambda/pricing',
  },
  durableOperation: {
    usd: 8,
    per: 1_000_000,
    unit: 'durable operations',
    source: 'to be verified: aws.amazon.com/lambda/pricing, September 2026; the little data that they keep is left out',
  },
  logGib: { usd: 0.5, per: 1, unit: 'GiB taken in', source: 'to be verified: aws.amazon.com/cloudwatch/pricing' },
  s3Put: { usd: 0.005, per: 1000, unit: 'writes', source: 'to be verified: aws.amazon.com/s3/pricing' },
  s3Get: { usd: 0.0004, per: 1000, unit: 'reads', source: 'to be verified: aws.amazon.com/s3/pricing' },
  s3GibMonth: { usd: 0.023, per: 1, unit: 'GiB', source: 'to be verified: aws.amazon.com/s3/pricing' },
  busEvent: { usd: 1, per: 1_000_000, unit: 'events', source: 'to be verified: aws.amazon.com/eventbridge/pricing' },
  notification: {
    usd: 0.5,
    per: 1_000_000,
    unit: 'notifications',
    source: 'to be verified: aws.amazon.com/sns/pricing',
  },
  schedulerInvocation: {
    usd: 1,
    per: 1_000_000,
    unit: 'invocations',
    source: 'to be verified: aws.amazon.com/eventbridge/pricing',
  },
  sqsRequest: { usd: 0.4, per: 1_000_000, unit: 'requests', source: 'to be verified: aws.amazon.com/sqs/pricing' },
  kmsKey: { usd: 1, per: 1, unit: 'key', source: 'to be verified: aws.amazon.com/kms/pricing' },
} as const;

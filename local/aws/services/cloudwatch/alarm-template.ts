import * as z from 'zod';
import type { CreatedResource, ResourceRequest } from '../../template/resource.ts';
import type { CompositeAlarm, MetricAlarm } from './alarm.ts';
import { parseExpression } from './math-parser.ts';
import { type MetricQuery, readMetricQueries } from './metric-query.ts';

const truth = z.union([z.boolean(), z.stringbool()]);
const number = z.coerce.number();
const arns = z.array(z.string().startsWith('arn:')).max(5).default([]);
const dimensions = z.array(z.strictObject({ Name: z.string(), Value: z.coerce.string() }));

/** What metric and composite alarms have in common. */
export const commonAlarmProperties = {
  AlarmName: z.string().min(1).max(255).optional(),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: truth.default(true),
  AlarmActions: arns,
  OKActions: arns,
  InsufficientDataActions: arns,
  Tags: z.array(z.unknown()).optional(),
};

const metricAlarm = z.strictObject({
  ...commonAlarmProperties,
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensions.optional(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: number.optional(),
  Unit: z.string().optional(),
  Metrics: z
    .array(
      z.strictObject({
        Id: z.string(),
        Label: z.string().optional(),
        Expression: z.string().optional(),
        ReturnData: truth.optional(),
        MetricStat: z
          .strictObject({
            Metric: z.strictObject({
              Namespace: z.string(),
              MetricName: z.string(),
              Dimensions: dimensions.optional(),
            }),
            Period: number,
            Stat: z.string(),
            Unit: z.string().optional(),
          })
          .optional(),
      }),
    )
    .min(1)
    .optional(),
  EvaluationPeriods: number.int().min(1),
  DatapointsToAlarm: number.int().min(1).optional(),
  Threshold: number,
  ComparisonOperator: z.enum([
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  TreatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
  // Without the second it ends with the first data that fill the window: not served here.
  WarmUpConfiguration: z
    .strictObject({
      WarmUpPeriodDurationInMinutes: number.int().min(1).max(2_880),
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: truth.pipe(z.literal(true)),
    })
    .optional(),
});

/** A template's alarm that CloudWatch would refuse, or that uses what the stand-in doesn't serve. */
class AlarmTemplateError extends Error {
  override readonly name = 'AlarmTemplateError';
}

/** Reads AWS::CloudWatch::Alarm. @throws AlarmTemplateError, ZodError or ValidationError naming the property */
export function readMetricAlarm(resource: ResourceRequest): MetricAlarm {
  const properties = metricAlarm.parse(resource.properties);
  const isMath = properties.Metrics !== undefined;
  const queries = isMath
    ? readMetricQueries(properties.Metrics ?? [])
    : readMetricQueries([
        {
          Id: 'm1',
          MetricStat: {
            Metric: properties,
            Period: properties.Period,
            Stat: properties.ExtendedStatistic ?? properties.Statistic,
            Unit: properties.Unit,
          },
        },
      ]);
  const periods = new Set(queries.flatMap(({ of }) => (of.kind === 'metric' ? [of.stat.periodSeconds] : [])));
  const periodSeconds = Math.max(...periods);
  const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm: datapointsToAlarm = evaluationPeriods } = properties;
  const refuse = (reason: string): never => {
    throw new AlarmTemplateError(`${resource.logicalId}: ${reason}`);
  };
  if (datapointsToAlarm > evaluationPeriods) refuse('DatapointsToAlarm is greater than EvaluationPeriods');
  if (periods.size !== 1) refuse('an alarm needs a metric, and all its metrics the same period');
  if (queries.filter((query) => query.isReturned).length !== 1)
    refuse('exactly one of Metrics must have ReturnData true');
  if (queries.filter(({ of }) => of.kind === 'metric').length > 10) refuse('a math alarm holds at most 10 metrics');
  const longestSeconds = periodSeconds < 3600 ? 86_400 : 604_800;
  if (periodSeconds * evaluationPeriods > longestSeconds)
    refuse(`Period x EvaluationPeriods is over ${longestSeconds} s`);
  checkExpressions(queries);
  return {
    kind: 'metric',
    ...readCommonAlarm(resource, properties),
    queries,
    isMath,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm,
    threshold: properties.Threshold,
    comparison: properties.ComparisonOperator,
    missingData: properties.TreatMissingData,
    warmUpMinutes: properties.WarmUpConfiguration?.WarmUpPeriodDurationInMinutes ?? 0,
  };
}

/** `Ref` gives the name, `Fn::GetAtt` the ARN. */
export function createdAlarm(alarm: MetricAlarm | CompositeAlarm): CreatedResource {
  return { ref: alarm.kind === 'metric' ? alarm.name : alarm.arn, attributes: { Arn: alarm.arn } };
}

type Common = z.output<z.ZodObject<typeof commonAlarmProperties>>;

export function readCommonAlarm({ logicalId, stackName, region, accountId }: ResourceRequest, properties: Common) {
  const name = properties.AlarmName ?? `${stackName}-${logicalId}`;
  return {
    name,
    arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    description: properties.AlarmDescription,
    isActionsEnabled: properties.ActionsEnabled,
    actions: {
      OK: properties.OKActions,
      ALARM: properties.AlarmActions,
      INSUFFICIENT_DATA: properties.InsufficientDataActions,
    },
  };
}

function checkExpressions(queries: readonly MetricQuery[]): void {
  for (const { of } of queries) if (of.kind === 'math') parseExpression(of.text);
}

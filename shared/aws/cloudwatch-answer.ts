import * as z from 'zod';

/** GetMetricData's answer as the SDK decodes it. */
export const metricDataAnswer = z.object({
  MetricDataResults: z
    .array(
      z
        .object({
          Id: z.string(),
          Timestamps: z.array(z.date()).default([]),
          Values: z.array(z.number()).default([]),
          StatusCode: z.string().optional(),
          Messages: z.array(z.object({ Code: z.string().optional(), Value: z.string().optional() })).default([]),
        })
        .refine((result) => result.Timestamps.length === result.Values.length, {
          message: 'Invalid input: expected as many timestamps as values',
        }),
    )
    .default([]),
  NextToken: z.string().optional(),
});

export type MetricDataResult = z.infer<typeof metricDataAnswer>['MetricDataResults'][number];

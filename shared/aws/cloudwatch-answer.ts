import * as z from 'zod';
import { ifReadable } from './answer.ts';

/**
 * GetMetricData's answer as the SDK decodes it. Every result is read by itself, and so is each of its points: what is odd is
 * `undefined` there, and its series is not whole.
 */
const metricDataResult = z
  .object({
    Id: ifReadable(z.string().min(1)),
    Timestamps: z.array(ifReadable(z.date())).optional(),
    Values: z.array(ifReadable(z.number())).optional(),
    StatusCode: ifReadable(z.string().min(1)),
    Messages: z.array(ifReadable(z.object({ Code: ifReadable(z.string()), Value: ifReadable(z.string()) }))).catch([]),
  })
  .transform(({ Id, Timestamps = [], Values = [], StatusCode, Messages }) => ({
    Id,
    StatusCode,
    Messages,
    Points:
      Timestamps.length === Values.length ? Timestamps.map((at, index) => pointOf(at, Values[index])) : [undefined],
  }));

/** What is no list of times and values at all has one point that cannot be read. */
const oddResult = z
  .looseObject({ Id: ifReadable(z.string()) })
  .transform(({ Id }) => ({ Id, StatusCode: undefined, Messages: [], Points: [undefined] }));

const pointOf = (at: Date | undefined, value: number | undefined): Point | undefined => {
  const atMs = at?.getTime();
  return atMs === undefined || Number.isNaN(atMs) || value === undefined
    ? undefined
    : { atMs, value: value === 0 ? 0 : value };
};

type Point = { readonly atMs: number; readonly value: number };

export type MetricDataResult = {
  /** Absent where it belongs to nobody can tell which series. */
  readonly Id?: string | undefined;
  readonly StatusCode?: string | undefined;
  readonly Messages: readonly (
    | { readonly Code?: string | undefined; readonly Value?: string | undefined }
    | undefined
  )[];
  readonly Points: readonly (Point | undefined)[];
};

const result: z.ZodType<MetricDataResult> = z
  .union([metricDataResult, oddResult])
  .catch({ Id: undefined, StatusCode: undefined, Messages: [], Points: [undefined] });

export const metricDataAnswer = z.object({
  MetricDataResults: z.array(result).default([]),
  NextToken: z.string().optional(),
});

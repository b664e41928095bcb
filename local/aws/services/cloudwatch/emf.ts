import * as z from 'zod';
import { type MetricId, type MetricSample, sampleOfValues } from './metric-store.ts';

/** What a log line in the embedded metric format publishes; `problems` is what CloudWatch would count as an EMF error. */
export type EmbeddedMetrics = {
  readonly metrics: readonly { readonly id: MetricId; readonly sample: MetricSample }[];
  readonly problems: readonly string[];
};

const directive = z.object({
  Namespace: z.string().min(1).max(1024),
  Dimensions: z.array(z.array(z.string()).max(30)),
  Metrics: z
    .array(z.object({ Name: z.string().min(1), Unit: z.string().optional(), StorageResolution: z.number().optional() }))
    .max(100),
});
const envelope = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }),
});
const metricValue = z.union([z.number().transform((value) => [value]), z.array(z.number()).min(1).max(100)]);

/** What Lambda's runtime puts before a message of `console.log`; CloudWatch finds the JSON behind it. */
const runtimePrefix = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t\S*\t[A-Z]+\t(?=\{)/;

/**
 * Reads a log line as the embedded metric format: each metric once for each dimension set.
 * Source: CloudWatch User Guide, "Specification: Embedded metric format".
 *
 * @returns undefined for a line that is no such JSON at all
 */
export function readEmbeddedMetrics(line: string): EmbeddedMetrics | undefined {
  const text = line.replace(runtimePrefix, '');
  if (!text.startsWith('{') || !text.includes('"CloudWatchMetrics"')) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = envelope.safeParse(document);
  if (!parsed.success) return { metrics: [], problems: [z.prettifyError(parsed.error)] };
  const { _aws: metadata, ...members } = parsed.data;
  const metrics: EmbeddedMetrics['metrics'][number][] = [];
  const problems: string[] = [];
  for (const { Namespace: namespace, Dimensions: dimensionSets, Metrics: definitions } of metadata.CloudWatchMetrics) {
    for (const { Name: name, Unit: unit } of definitions) {
      const values = metricValue.safeParse(members[name]);
      if (!values.success) {
        problems.push(`the metric ${name} has no number in the document`);
        continue;
      }
      const sample = sampleOfValues(
        metadata.Timestamp,
        values.data.map((value) => ({ value, count: 1 })),
        unit,
      );
      for (const dimensionNames of dimensionSets) {
        const missing = dimensionNames.find((dimension) => typeof members[dimension] !== 'string');
        if (missing === undefined) {
          const dimensions = Object.fromEntries(dimensionNames.map((each) => [each, String(members[each])]));
          metrics.push({ id: { namespace, name, dimensions }, sample });
        } else problems.push(`the dimension ${missing} of ${name} has no text in the document`);
      }
    }
  }
  return { metrics, problems };
}

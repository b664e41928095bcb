import type { MetricReference } from '../../shared/deployment/alarm.ts';
import { functionNameOf, type StackContext } from '../../shared/deployment/names.ts';

/** What one alarm watches together. */
type AlarmGroup<Item> = { readonly subject: string; readonly items: readonly Item[] };

/** Groups in the order given, the first named as all of them are, since few stacks need a second. */
export const alarmGroupsOf = <Item>(items: readonly Item[], most: number, name: string): readonly AlarmGroup<Item>[] =>
  items
    .filter((_, index) => index % most === 0)
    .map((_, index) => ({
      subject: index === 0 ? name : `${name}-${index + 1}`,
      items: items.slice(index * most, (index + 1) * most),
    }));

/** `storage-scaling-run`, or `one of a, b`, for a sentence. */
export const nameFunctions = (slugs: readonly string[]): string =>
  slugs.length === 1 ? slugs.join('') : `one of ${slugs.join(', ')}`;

/** Lambda's own metrics of some functions, by an id that a graph can show. */
export const lambdaMetrics = (
  context: StackContext,
  slugs: readonly string[],
  names: readonly string[],
  statistic: MetricReference['statistic'],
): Readonly<Record<string, MetricReference>> =>
  Object.fromEntries(
    slugs.flatMap((slug) =>
      names.map((name, index): [string, MetricReference] => [
        `m_${slug.replaceAll('-', '_')}_${index + 1}`,
        {
          namespace: 'AWS/Lambda',
          name,
          dimensions: { FunctionName: functionNameOf(context, slug) },
          statistic,
          label: `${slug} ${name}`,
        },
      ]),
    ),
  );

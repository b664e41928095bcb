import * as z from 'zod';
import {
  busVersion,
  type Dealing,
  type FindingDetail,
  findingChanges,
  type NoticeDetail,
  type ReportDetail,
} from '../core/bus-event.ts';
import { notificationTopics } from '../core/configuration.ts';
import { findingKey } from '../core/finding.ts';
import type { OwnAlarms } from '../core/own-alarms.ts';
import { atMs, namedValues } from '../text/plain-schemas.ts';
import { briefFinding, count, diagnosis, finding, severity, text, texts } from './finding-schema.ts';
import { fromHome } from './home.ts';

/** What mskeeper's own bus brings. @property eventId the same for each delivery of one event */
export type BusWord =
  | { readonly kind: 'finding'; readonly eventId: string; readonly detail: FindingDetail }
  | { readonly kind: 'notice'; readonly eventId: string; readonly detail: NoticeDetail }
  | { readonly kind: 'report'; readonly eventId: string; readonly detail: ReportDetail };

/** Whose events are heard: those of one cluster, of this very stack. */
export type BusHome = {
  readonly cluster: string;
  readonly clusterArn: string;
  readonly stack: () => Pick<OwnAlarms, 'accountId' | 'region'>;
};

const frameOf = ({ cluster }: BusHome) => ({
  version: z.literal(busVersion),
  cluster: z.literal(cluster),
  procedure: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'Invalid input: expected a procedure such as cluster-health'),
  runId: z.string().min(1),
  atMs,
});

const findingDetail = (home: BusHome): z.ZodType<FindingDetail> =>
  z
    .object({
      ...frameOf(home),
      change: z.enum(findingChanges),
      sinceMs: atMs,
      key: text,
      finding,
      diagnosis: diagnosis.exactOptional(),
      names: texts.exactOptional(),
    })
    .superRefine((detail, context) => {
      // What is judged by one of the two and told by the other would be open for ever.
      if (detail.key !== findingKey(detail.finding)) {
        context.addIssue({
          code: 'custom',
          path: ['key'],
          message: 'Invalid input: expected `check|subject` of finding',
        });
      }
      if ((detail.change === 'closed') !== (detail.finding.severity === 'ok')) {
        const message = 'Invalid input: expected "closed" of a finding that is ok, and of no other';
        context.addIssue({ code: 'custom', path: ['change'], message });
      }
    });

const dealing: z.ZodType<Dealing> = z.union([
  z.strictObject({ fault: z.literal('disk'), what: z.string().min(1), untilMs: atMs }),
  z.strictObject({ fault: z.literal('disk'), isOver: z.literal(true) }),
]);

const noticeDetail = (home: BusHome): z.ZodType<NoticeDetail> =>
  z.object({
    ...frameOf(home),
    notice: z.object({
      key: z.string().min(1),
      topic: z.enum(notificationTopics),
      severity,
      headline: text,
      findings: z.array(z.object(briefFinding)).readonly(),
      names: texts.exactOptional(),
      reportKey: text.exactOptional(),
      isIntent: z.boolean().exactOptional(),
      dealing: dealing.exactOptional(),
    }),
  });

const reportDetail = (home: BusHome): z.ZodType<ReportDetail> =>
  z.object({
    ...frameOf(home),
    report: z.object({
      depth: text,
      worst: severity,
      countBySeverity: z.record(severity, count),
      sources: namedValues(text),
      judgedChecks: texts,
      lookedAtMs: atMs,
    }),
    names: texts.exactOptional(),
  });

const cutDetail = z.looseObject({ truncated: z.looseObject({ originalBytes: z.number() }) });

/** A detail that was cut to fit (`fitJson`) lacks what nobody can tell, so it is refused whole. */
const whole = <Detail>(schema: z.ZodType<Detail>): z.ZodType<Detail> =>
  z.unknown().transform((detail, context): Detail => {
    const cut = cutDetail.safeParse(detail);
    if (cut.success) {
      const message = `was cut, from ${cut.data.truncated.originalBytes} bytes: see the report of that run`;
      context.addIssue({ code: 'custom', path: ['truncated'], message });
      return z.NEVER;
    }
    const parsed = schema.safeParse(detail);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, code: 'custom' });
    return z.NEVER;
  });

const envelopeOf = <Type extends string, Detail>({ clusterArn }: BusHome, type: Type, detail: z.ZodType<Detail>) =>
  z.object({
    source: z.literal('mskeeper'),
    'detail-type': z.literal(type),
    id: z.string().min(1),
    resources: z.tuple([z.literal(clusterArn)]),
    detail: whole(detail),
  });

/**
 * An event of mskeeper's own bus, as EventBridge delivers it: of this stack's account and Region, by mskeeper, about this
 * cluster and nothing else, whole, and of a form that we know.
 */
export const busWordOf = (home: BusHome): z.ZodType<BusWord> => {
  const byType = z.discriminatedUnion('detail-type', [
    envelopeOf(home, 'mskeeper finding', findingDetail(home)),
    envelopeOf(home, 'mskeeper notice', noticeDetail(home)),
    envelopeOf(home, 'mskeeper report', reportDetail(home)),
  ]);
  const word = byType.transform((event): BusWord => {
    const { id: eventId } = event;
    switch (event['detail-type']) {
      case 'mskeeper finding':
        return { kind: 'finding', eventId, detail: event.detail };
      case 'mskeeper notice':
        return { kind: 'notice', eventId, detail: event.detail };
      case 'mskeeper report':
        return { kind: 'report', eventId, detail: event.detail };
      default:
        return event satisfies never;
    }
  });
  return fromHome(word, home.stack);
};

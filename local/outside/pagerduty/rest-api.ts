import * as z from 'zod';
import { type Frequency, limitFrequency } from '../frequency.ts';
import { jsonAnswer, type OutsideAnswer, type OutsideHost, type OutsideRequest } from '../host.ts';
import type { Credentials } from './credentials.ts';
import type { PagerDutyIncident } from './incident.ts';
import { viewIncident } from './incident-view.ts';
import type { Region } from './service.ts';

/** Source: PagerDuty's developer documentation, "REST API rate limits": 960 requests a minute a credential. */
const frequencyLimit = { most: 960, withinMs: 60_000 };
const dayMs = 86_400_000;
/** What is shown without a range, and the longest range that may be asked for. */
const usualRangeMs = 30 * dayMs;
const longestRangeMs = 184 * dayMs;

const whole = (least: number, most: number, usual: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(least).max(most)).default(usual);

const question = z.object({
  incident_key: z.string().optional(),
  'statuses[]': z.array(z.enum(['triggered', 'acknowledged', 'resolved'])),
  'service_ids[]': z.array(z.string()),
  'urgencies[]': z.array(z.enum(['high', 'low'])),
  since: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  until: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  date_range: z.literal('all').optional(),
  sort_by: z.enum(['created_at:asc', 'created_at:desc']).default('created_at:asc'),
  limit: whole(1, 100, 25),
  offset: whole(0, 10_000, 0),
});
type Question = z.infer<typeof question>;

type RestApi = {
  readonly region: Region;
  readonly credentials: Credentials;
  readonly incidents: () => readonly PagerDutyIncident[];
};

/** `api.pagerduty.com` of one region, as far as reading incidents goes. */
export function createRestHost({ region, credentials, incidents }: RestApi): OutsideHost {
  const askLimit = limitFrequency(frequencyLimit);
  return {
    answer({ method, path, query, headers, atMs }) {
      const grant = credentials.grantOf(headers.authorization, region, atMs);
      if (grant === undefined) return refused(401, 'Unauthorized', 2006, ['The credential is not one of this account']);
      const frequency = askLimit(grant.id, atMs);
      if (frequency.isOver) return tooMany(frequency);
      if (`${method} ${path}` !== 'GET /incidents') return refused(404, 'Not Found', 2100, []);
      if (grant.scopes !== 'everything' && !grant.scopes.includes('incidents.read'))
        return refused(403, 'Access Denied', 2010, ['The token lacks the scope incidents.read']);
      const { data, error } = question.safeParse(argumentsIn(query));
      if (error !== undefined) return refused(400, 'Invalid Input Provided', 2001, error.issues.map(describe));
      const answer = answerQuestion(incidents(), data, region, atMs);
      return { ...answer, headers: { ...answer.headers, ...limitHeaders(frequency) } };
    },
    refuse(refusal, afterSeconds) {
      switch (refusal) {
        case 'deny':
          return refused(403, 'Access Denied', 2010, ['Access to this account was withdrawn']);
        case 'throttle':
          return tooMany({ isOver: true, remaining: 0, waitSeconds: afterSeconds });
        case 'server-error':
          return refused(500, 'Internal Server Error', 2000, []);
        default:
          return refusal satisfies never;
      }
    },
  };
}

/** Names that end in `[]` may stand there several times. */
const argumentsIn = (query: OutsideRequest['query']): object => ({
  'statuses[]': [],
  'service_ids[]': [],
  'urgencies[]': [],
  ...Object.fromEntries(
    [...new Set(query.keys())].map((name) => [name, name.endsWith('[]') ? query.getAll(name) : query.get(name)]),
  ),
});

const describe = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.')}: ${message}`;

function answerQuestion(
  all: readonly PagerDutyIncident[],
  asked: Question,
  region: Region,
  nowMs: number,
): OutsideAnswer {
  const untilMs = asked.until ?? nowMs;
  const sinceMs = asked.date_range === 'all' ? Number.NEGATIVE_INFINITY : (asked.since ?? untilMs - usualRangeMs);
  if (Number.isFinite(sinceMs) && untilMs - sinceMs > longestRangeMs)
    return refused(400, 'Invalid Input Provided', 2001, ['The range of since and until is longer than six months']);
  const isIn = <Value>(wanted: readonly Value[], value: Value): boolean =>
    wanted.length === 0 || wanted.includes(value);
  const found = all.filter(
    ({ service, key, status, urgency, createdAtMs }) =>
      service.region === region &&
      (asked.incident_key ?? key) === key &&
      isIn<string>(asked['statuses[]'], status) &&
      isIn(asked['service_ids[]'], service.id) &&
      isIn(asked['urgencies[]'], urgency) &&
      createdAtMs >= sinceMs &&
      createdAtMs <= untilMs,
  );
  const sorted = asked.sort_by === 'created_at:desc' ? found.toReversed() : found;
  const page = sorted.slice(asked.offset, asked.offset + asked.limit);
  return jsonAnswer(200, {
    incidents: page.map(viewIncident),
    limit: asked.limit,
    offset: asked.offset,
    total: null,
    more: asked.offset + page.length < found.length,
  });
}

const refused = (status: number, message: string, code: number, errors: readonly string[]): OutsideAnswer =>
  jsonAnswer(status, { error: { message, code, ...(errors.length > 0 && { errors }) } }, { outcome: message });

const limitHeaders = ({ remaining, waitSeconds }: Frequency) => ({
  'ratelimit-limit': String(frequencyLimit.most),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(waitSeconds),
});

function tooMany(frequency: Frequency): OutsideAnswer {
  const answer = refused(429, 'Rate Limit Exceeded', 2020, []);
  return { ...answer, headers: { ...answer.headers, ...limitHeaders(frequency) } };
}

import type { StandIn } from '../aws/stand-in.ts';
import type { ToldMoment } from '../drill/timeline.ts';

/** Members of what came over the bus, read as they came. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Durable runs: one that begins, and how it ended; between the two it may be suspended for days. */
export const watchExecutions = ({ executions }: Pick<StandIn['lambda']['durable'], 'executions'>) => {
  const statusByArn = new Map<string, string>();
  return (): readonly ToldMoment[] =>
    executions().flatMap(({ arn, name, status, startedAtMs, endedAtMs, error }) => {
      const before = statusByArn.get(arn);
      if (before === status) return [];
      statusByArn.set(arn, status);
      const lane = 'runs' as const;
      const began = {
        lane,
        subject: name,
        label: `${name} is under way`,
        tone: 'neutral' as const,
        clockMs: startedAtMs,
      };
      if (status === 'RUNNING') return [began];
      const why = error?.ErrorMessage === undefined ? '' : `: ${error.ErrorMessage}`;
      const tone = status === 'SUCCEEDED' ? ('good' as const) : ('bad' as const);
      const ended = { lane, subject: name, label: `${name} ${status}${why}`, tone, clockMs: endedAtMs ?? startedAtMs };
      return before === undefined ? [began, ended] : [ended];
    });
};

/** A plan that was told, or an act that ended: what was decided, and why. */
export const actOf = (detail: unknown): ToldMoment => {
  const { plan, end, procedure } = recordOf(detail);
  const { action, message } = recordOf(plan);
  const { decision, reason } = recordOf(end);
  const what = textOf(decision) || textOf(action);
  const why = textOf(reason) === '' ? '' : ` (${textOf(reason)})`;
  return {
    lane: 'acts',
    subject: textOf(procedure),
    label: `${what}${why}: ${textOf(message)}`,
    tone: ['acted', 'adopted'].includes(what)
      ? 'good'
      : ['hold', 'refuse', 'stopped'].includes(what)
        ? 'warn'
        : 'neutral',
  };
};

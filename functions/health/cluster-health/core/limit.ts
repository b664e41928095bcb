import type { Severity } from '../../../../shared/core/finding.ts';
import { evaluateLimit, type Limit, type Sample } from '../../../../shared/core/policy.ts';

/** A limit's verdict as a finding's severity and reason. A breach that has not lasted yet is a notice, never ok. */
export function severityOf(limit: Limit, samples: readonly Sample[]): readonly [Severity, string] {
  const { severity, pending } = evaluateLimit(limit, samples);
  if (severity === 'unknown') return ['unknown', 'no-data'];
  if (severity === 'ok') return pending === undefined ? ['ok', 'within-policy'] : ['notice', 'above-not-yet-lasting'];
  return [severity, `above-${severity}`];
}

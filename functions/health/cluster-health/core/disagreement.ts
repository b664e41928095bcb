import type { Finding, Source } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, severityOf } from './judgement.ts';
import { samplesSinceOpened } from './memory.ts';

const check = 'source-agreement';

/** Sources differ for minutes while news travels: a notice at once, a warning when it stays. */
const lastingLimit = { notice: 0, warning: 0, warningForMinutes: 10 };

/** Two who tell of the same thing contradict each other. @param subject both of them, as a sentence begins: `MSK and brokers` */
export function disagreement(
  { seen, previous }: HealthFacts,
  subject: string,
  reason: string,
  message: string,
  sources: readonly Source[],
  evidence: Finding['evidence'],
): Judgement {
  const [severity] = severityOf(lastingLimit, samplesSinceOpened({ check, subject }, 1, previous, seen.nowMs));
  return judged(finding(check, subject, [severity, reason], message, sources, evidence));
}

/** Both told it, and told the same. */
export const agreement = (subject: string, sources: readonly Source[]): Judgement =>
  judged(finding(check, subject, ['ok', 'agree'], `${subject} agree.`, sources));

import type { Unanswered } from '../../shared/core/known.ts';

/** Worst last. `skipped` was not asked, and says why; `unknown` was asked and not answered: never taken for ok. */
export const doctorStatuses = ['ok', 'skipped', 'warning', 'unknown', 'failed'] as const;
export type DoctorStatus = (typeof doctorStatuses)[number];

/**
 * One judgement of the doctor.
 *
 * @property check kebab-case name of the check: `subscriptions`
 * @property subject what is judged: `topic mskeeper-orders-critical`
 * @property message what is so, and where; for what is wrong, what it leads to
 * @property advice what to do; present unless all is well
 */
export type DoctorFinding = {
  readonly check: string;
  readonly subject: string;
  readonly status: DoctorStatus;
  readonly message: string;
  readonly advice?: string;
};

const adviceFor = ({ call, failure }: Unanswered): string => {
  switch (failure) {
    case 'denied':
      return `allow ${call.split(' ')[0]} to whoever runs the doctor, and run it again`;
    case 'authentication-failed':
      return 'sign in again: the credentials are none, expired or wrong';
    case 'throttled':
    case 'timed-out':
      return 'run the doctor again';
    case 'unreachable':
    case 'tls-failed':
      return 'check the way to AWS: network, proxy, AWS_ENDPOINT_URL, the Region';
    default:
      return 'read the message; it is what AWS said';
  }
};

/** The finding of a question that had no answer. */
export const unknownFinding = (check: string, subject: string, fetched: Unanswered): DoctorFinding => ({
  check,
  subject,
  status: 'unknown',
  message: fetched.why,
  advice: adviceFor(fetched),
});

/** Status of a whole list; `unknown` for none, since no evidence is not health. */
export const worstStatus = (findings: readonly DoctorFinding[]): DoctorStatus =>
  findings.reduce<DoctorStatus | undefined>(
    (worst, { status }) =>
      worst === undefined || doctorStatuses.indexOf(status) > doctorStatuses.indexOf(worst) ? status : worst,
    undefined,
  ) ?? 'unknown';

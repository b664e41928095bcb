import type { Answered } from '../../shared/core/known.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { Quota } from '../account/quotas.ts';
import type { Reservations } from '../account/reservations.ts';
import type { SmsLimits } from '../account/subscriptions.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';
import { endpointsInUse } from './references.ts';

const check = 'quotas';

export type QuotaFacts = {
  readonly lambda: Answered<readonly Quota[]>;
  /** Asked only where the configuration reserves executions. */
  readonly reservations?: Answered<Reservations>;
  /** Asked only where a topic reaches somebody by SMS. */
  readonly sms?: Answered<SmsLimits>;
};

export const hasSmsChannel = (context: StackContext): boolean =>
  Object.values(endpointsInUse(context)).some(({ kind }) => kind === 'sms');

/** Invocations of one function that may be under way at once: a schedule, an alarm, a retry, a person, and one to spare. */
const invocationsAtOnce = 5;

/** Lambda refuses a reservation that would leave the account's other functions fewer (Lambda guide, "Reserved concurrency"). */
const leastUnreserved = 100;

/** Executions that the whole stack would reserve. */
const reservedBy = ({ cluster }: StackContext): number =>
  Object.values(cluster.stack?.reservedConcurrency ?? {}).reduce((sum, one) => sum + one, 0);

export const reservesAny = (context: StackContext): boolean => reservedBy(context) > 0;

/** Whether CloudFormation could set the reservations: what others of the account have reserved counts, too. */
const judgeReservations = (context: StackContext, fetched: Answered<Reservations>): DoctorFinding => {
  const subject = 'Lambda reserved concurrency';
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const { unreserved, ofThisStack } = fetched.value;
  const reserved = reservedBy(context);
  const left = unreserved + ofThisStack - reserved;
  if (left >= leastUnreserved)
    return { check, subject, status: 'ok', message: `${reserved} for this stack leave ${left} unreserved` };
  return {
    check,
    subject,
    status: 'failed',
    message: `${reserved} for this stack would leave ${left} unreserved in this Region, and Lambda keeps ${leastUnreserved}: CloudFormation's deploy fails`,
    advice:
      'ask for more concurrent executions in the Service Quotas console, or reserve fewer (stack.reservedConcurrency)',
  };
};

type Need = { readonly subject: string; readonly quotaName: string; readonly needed: number; readonly because: string };

const judgeQuota = (
  fetched: Answered<readonly Quota[]>,
  { subject, quotaName, needed, because }: Need,
): DoctorFinding => {
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const quota = fetched.value.find(({ name }) => name.toLowerCase() === quotaName.toLowerCase());
  if (quota === undefined)
    return {
      check,
      subject,
      status: 'unknown',
      message: `Service Quotas lists no quota "${quotaName}"`,
      advice: 'look it up in the Service Quotas console',
    };
  if (quota.value >= needed)
    return { check, subject, status: 'ok', message: `${quota.value}, at least ${needed} are wanted` };
  return {
    check,
    subject,
    status: 'warning',
    message: `${quota.value} for the whole account in this Region, at least ${needed} are wanted: ${because}`,
    advice: `ask for more in the Service Quotas console (${quota.name})`,
  };
};

/** SNS sends a first account 1 USD of SMS a month, and in the sandbox to verified numbers only. */
const judgeSms = (fetched: Answered<SmsLimits>): DoctorFinding => {
  const subject = 'SMS';
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  const { isInSandbox, monthlySpendLimitUsd = 1, isTransactional } = fetched.value;
  if (isInSandbox)
    return {
      check,
      subject,
      status: 'warning',
      message: 'the account is in the SMS sandbox: SNS sends to verified numbers only',
      advice: 'verify the number, or ask to leave the sandbox in the SNS console',
    };
  if (monthlySpendLimitUsd <= 1)
    return {
      check,
      subject,
      status: 'warning',
      message: `SNS stops sending SMS after ${monthlySpendLimitUsd} USD a month`,
      advice: 'ask for a higher spend limit in the Service Quotas console, then set MonthlySpendLimit',
    };
  if (!isTransactional)
    return {
      check,
      subject,
      status: 'warning',
      message:
        'what CloudWatch itself says where mskeeper is dead goes out as promotional, by the cheapest way and not by the surest',
      advice: 'aws sns set-sms-attributes --attributes DefaultSMSType=Transactional',
    };
  return { check, subject, status: 'ok', message: `out of the sandbox, ${monthlySpendLimitUsd} USD a month` };
};

/** Quotas that a stack can run into: what waits for concurrency, what is not sent, and what CloudFormation would not be given. */
export const evaluateQuotas = (context: StackContext, facts: QuotaFacts): readonly DoctorFinding[] => [
  judgeQuota(facts.lambda, {
    subject: 'Lambda concurrency',
    quotaName: 'Concurrent executions',
    needed: Math.max(
      context.functions.length * invocationsAtOnce,
      reservesAny(context) ? reservedBy(context) + leastUnreserved : 0,
    ),
    because: 'everything else in the account shares it, and what finds none waits or is dropped',
  }),
  ...(facts.reservations === undefined ? [] : [judgeReservations(context, facts.reservations)]),
  ...(facts.sms === undefined ? [] : [judgeSms(facts.sms)]),
];

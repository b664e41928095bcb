import { alarmsOf } from '../../infra/stack/alarms.ts';
import type { MetricAlarm } from '../../shared/aws/cloudwatch-alarms.ts';
import { adviseBrokerIds, compareBrokerIds } from '../../shared/core/broker-ids.ts';
import type { Answered } from '../../shared/core/known.ts';
import { nameOfAlarm } from '../../shared/deployment/alarm.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'alarms';

export type AlarmFacts = {
  readonly alarms: Answered<readonly MetricAlarm[]>;
  /** Ids of the brokers that MSK lists; empty for Serverless. */
  readonly brokerIds: Answered<readonly number[]>;
};

const listed = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;

/** A broker that mskeeper.yml does not name is watched by no alarm, whatever happens to it. */
const coverage = (
  { cluster }: StackContext,
  alarms: readonly MetricAlarm[],
  fetched: AlarmFacts['brokerIds'],
): readonly DoctorFinding[] => {
  const subject = 'brokers covered';
  if (!fetched.isKnown) return [unknownFinding(check, subject, fetched)];
  if (fetched.value.length === 0) return [];
  const covered = new Set(alarms.flatMap(({ brokerIds }) => brokerIds));
  const bare = fetched.value.filter((id) => !covered.has(id));
  if (bare.length === 0)
    return [{ check, subject, status: 'ok', message: `alarms watch each of ${fetched.value.length} brokers` }];
  const isConfigured = compareBrokerIds(cluster.brokerIds, fetched.value) === undefined;
  return [
    {
      check,
      subject,
      status: 'failed',
      message: `no alarm watches broker ${bare.join(', ')}`,
      advice: isConfigured ? 'package and deploy again' : adviseBrokerIds(fetched.value),
    },
  ];
};

/** Whether the stack's alarms are there, may act, and watch every broker that MSK lists. */
export const evaluateAlarms = (context: StackContext, facts: AlarmFacts): readonly DoctorFinding[] => {
  if (!facts.alarms.isKnown) return [unknownFinding(check, 'alarms', facts.alarms)];
  const expectedNames = alarmsOf(context).map((alarm) => nameOfAlarm(context, alarm));
  const own = facts.alarms.value;
  const present = new Set(own.map(({ name }) => name));
  const missing = expectedNames.filter((name) => !present.has(name));
  const silenced = own.filter(({ isMuted }) => isMuted).map(({ name }) => name);
  const findings: DoctorFinding[] = [];
  if (missing.length > 0)
    findings.push({
      check,
      subject: 'alarms',
      status: 'failed',
      message: `${missing.length} of ${expectedNames.length} are missing: ${listed(missing)}`,
      advice: 'package and deploy again',
    });
  if (silenced.length > 0)
    findings.push({
      check,
      subject: 'actions',
      status: 'failed',
      message: `${silenced.length} tell nobody, since their actions are disabled: ${listed(silenced)}`,
      advice: 'enable them (aws cloudwatch enable-alarm-actions --alarm-names …)',
    });
  if (findings.length === 0) {
    const withoutData = own.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
    const untold = own.filter(({ state }) => state === 'unknown').length;
    const note =
      (withoutData === 0 ? '' : `; ${withoutData} have no data so far`) +
      (untold === 0 ? '' : `; of ${untold} CloudWatch tells no state`);
    findings.push({ check, subject: 'alarms', status: 'ok', message: `all ${own.length} are there${note}` });
  }
  return [...findings, ...coverage(context, own, facts.brokerIds)];
};

import type { ClusterView } from '../../shared/core/cluster-view.ts';
import type { Answered } from '../../shared/core/known.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'brokers';
const subject = 'kafka-read';

/** What each failure of the function inside the VPC usually means. */
const adviceFor: Readonly<Partial<Record<string, string>>> = {
  denied: 'allow lambda:InvokeFunction on kafka-read to whoever runs the doctor, or mend its role (see permissions)',
  'timed-out':
    'look at network.subnetIds and securityGroupIds: kafka-read must reach the brokers’ port, and with SCRAM or mTLS the Secrets Manager endpoint',
  unreachable: 'look at network.subnetIds and securityGroupIds: kafka-read must reach the brokers’ port',
  'authentication-failed':
    'look at the credentials in the secret, and whether the cluster takes this way of authenticating',
  'not-found': 'make the secret that authentication.secretId names',
};

const usual = 'look at the log of kafka-read';

/** Whether kafka-read, asked to look and nothing else, reaches every broker from inside the VPC. */
export const evaluateBrokers = (
  expectedBrokerIds: readonly number[],
  fetched: Answered<ClusterView>,
): readonly DoctorFinding[] => {
  if (!fetched.isKnown)
    return [{ ...unknownFinding(check, subject, fetched), advice: adviceFor[fetched.failure] ?? usual }];
  const { brokers, absentBrokerIds, problems } = fetched.value;
  const blind = problems.find(({ what }) => what === 'metadata')?.problem;
  if (brokers.length === 0)
    return [
      {
        check,
        subject,
        status: 'failed',
        message: `no broker answered${blind === undefined ? '' : `: ${blind.message}`}`,
        advice: adviceFor[blind?.kind ?? 'unreachable'] ?? usual,
      },
    ];
  const silent = brokers.flatMap(({ id, problem }) => (problem === undefined ? [] : [{ id, problem }]));
  const findings: DoctorFinding[] = silent.map(({ id, problem }) => ({
    check,
    subject: `broker ${id}`,
    status: 'failed',
    message: `${problem.kind}: ${problem.message}`,
    advice: adviceFor[problem.kind] ?? usual,
  }));
  for (const id of absentBrokerIds)
    findings.push({
      check,
      subject: `broker ${id}`,
      status: 'failed',
      message: 'is expected, and the cluster does not list it',
      advice: expectedBrokerIds.includes(id)
        ? 'look at the cluster’s state in the MSK console'
        : 'move or reassign the partitions that name it as a replica',
    });
  return findings.length > 0
    ? findings
    : [{ check, subject, status: 'ok', message: `reaches ${brokers.length} of ${brokers.length} brokers` }];
};

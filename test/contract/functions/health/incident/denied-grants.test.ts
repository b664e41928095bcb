import { expect } from 'vitest';
import { currentObject, storeObject } from '../../../../../local/aws/services/s3/bucket.ts';
import { noticeEventOf } from '../../../../../shared/core/bus-event.ts';
import type { NotificationTopic } from '../../../../../shared/core/configuration.ts';
import type { Finding } from '../../../../../shared/core/finding.ts';
import { incidentHeard } from '../../../../../shared/core/incident-heard.ts';
import { stateKey } from '../../../../../shared/core/store-keys.ts';
import { ofItsInbox, ofItsQueue, ofLambdaItself, testDeniedGrants } from '../../../../support/aws/denied-grants.ts';
import {
  aMoment,
  brokerAway,
  bucketName,
  checker,
  clusterKey,
  type IncidentAccount,
  incidentFunction,
  slackChannel,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';
import { bring, signCommand } from '../../../../support/incident/command.ts';
import { lookNow } from '../../../../support/incident/look-now.ts';

const { open } = useIncidentAccounts();

/** A key of the user's. */
const key = 'arn:aws:kms:eu-west-1:111122223333:key/33333333-0000-4000-8000-000000000000';

const logOf = ({ standIn: { lambda } }: IncidentAccount): string =>
  lambda.logs
    .read(`/aws/lambda/${incidentFunction}`)
    .map(({ message }) => message)
    .join('\n');

/** What CloudWatch was told: whether all that fires is heard. */
const heardSaid = ({ standIn: { cloudWatch } }: IncidentAccount): readonly number[] => {
  const dimensions = { Cluster: clusterKey, Procedure: 'incident' };
  return cloudWatch.metrics
    .read({ namespace: 'mskeeper', name: incidentHeard, dimensions }, 0, Number.POSITIVE_INFINITY)
    .map(({ minimum }) => minimum);
};

const nobodyAnswers: Finding = {
  ...brokerAway(2),
  check: 'cluster-answers',
  subject: 'cluster',
  reason: 'no-broker-answers',
  severity: 'emergency',
  message: 'No broker answers.',
};

const calledOut = ({ standIn }: IncidentAccount) =>
  standIn.outside.calls.all.filter(({ method }) => method === 'POST').map(({ host }) => host);

/** Nothing is told that could be told twice; the event waits in the queue, and whoever hears of dead runs speaks. */
const tellsNothing = async (account: IncidentAccount): Promise<string> => {
  const { standIn, tellFinding } = account;
  await tellFinding(brokerAway(2), 'opened');
  expect([calledOut(account), standIn.sns.inbox]).toEqual([[], []]);
  expect(standIn.sqs.queue(`mskeeper-${clusterKey}-incident`).messages).toHaveLength(1);
  expect(standIn.lambda.invocations.at(-1)).toMatchObject({ status: 'error', errorType: 'DependencyError' });
  return logOf(account);
};

/** A document that cannot be read is evidence: where it cannot be set aside it stays. */
const leavesDamagedDocument = async (account: IncidentAccount): Promise<string> => {
  const bucket = account.standIn.s3.bucket(bucketName);
  const key = stateKey('incident', clusterKey);
  const body = Buffer.from('{"version":1,"inci');
  const frame = { contentType: 'application/json', contentEncoding: undefined, metadata: {} };
  storeObject(bucket, { key, body, modifiedMs: account.clock.nowMs(), ...frame });
  const said = await tellsNothing(account);
  expect(currentObject(bucket, key)?.body).toEqual(body);
  return said;
};

const noticeTo = (account: IncidentAccount, topic: NotificationTopic, isIntent: boolean): Promise<void> =>
  account.tellBus(
    noticeEventOf(checker, account.clock.nowMs(), {
      key: `news/${topic}`,
      topic,
      severity: 'notice',
      headline: 'Storage will be enlarged.',
      findings: [],
      isIntent,
    }),
  );

/** Whose channels take nothing, as incident knows it of itself. */
const failingIn = ({ document }: IncidentAccount): readonly string[] =>
  document().incidents.flatMap(({ cause, members }) =>
    cause.kind === 'mskeeper' ? members.map(({ subject, severity }) => `${subject} ${severity}`) : [],
  );

/**
 * Who takes no notice for two minutes is a fault, found by the next minute's run; where nobody hears of worse there, others are
 * told of it as of any P2, by the first run when it is five minutes old.
 */
const saysWhoFails = (topic: NotificationTopic, endpoint: string) => async (account: IncidentAccount) => {
  const { standIn, pass } = account;
  await pass(aMoment);
  await noticeTo(account, topic, false);
  await pass(3);
  expect(failingIn(account)).toContain(`endpoint ${endpoint} warning`);
  await pass(6);
  const { slack } = standIn.outside;
  const told = JSON.stringify(slack.messages(slackChannel));
  expect(told).toContain('mskeeper itself');
  return told;
};

/** Who takes no P0 is a P1: the others were called for it at once, and hear by the next minute’s run after two who was not. */
const callsAboutWhoFails = async (account: IncidentAccount): Promise<string> => {
  const { standIn, pass, tellFinding } = account;
  await pass(aMoment);
  await tellFinding(nobodyAnswers, 'opened');
  const called = () =>
    standIn.outside.pagerDuty.notifications().map(({ service, summary }) => `${service}: ${summary}`);
  expect(called()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^on-call: /), expect.stringMatching(/^on-call-phone: /)]),
  );
  await pass(3);
  expect(failingIn(account)).toContain('endpoint on-call-sms critical');
  expect(called()).toContainEqual(expect.stringMatching(/^on-call: .*mskeeper itself/));
  return JSON.stringify(standIn.outside.pagerDuty.incidents());
};

/** Nobody is reached by a key that cannot be read, so those are who need none; that it cannot be read is a fault of its own. */
const tellsTheOthers = async (account: IncidentAccount): Promise<string> => {
  const { standIn, pass, tellFinding, document } = account;
  await pass(aMoment);
  await tellFinding(brokerAway(2), 'opened');
  await pass(5);
  const texts = standIn.sns.inbox.filter(({ sms }) => sms !== undefined).map(({ message }) => message);
  expect(texts).toContainEqual(expect.stringContaining('broker 2 is down'));
  expect(texts).toContainEqual(expect.stringContaining('mskeeper itself'));
  return JSON.stringify(document());
};

/** What is not in the audit takes no effect. */
const saysItIsNotDone = async (account: IncidentAccount, disturb = (): void => {}): Promise<string> => {
  const { tellFinding, document } = account;
  await tellFinding(brokerAway(2), 'opened');
  const command = await signCommand(account, { command: 'ack', incidentId: '1' });
  disturb();
  const answer = await bring(account, command);
  expect(answer).toContain('"outcome":"refused"');
  expect(document().incidents.map(({ acknowledgement }) => acknowledgement)).toEqual([undefined]);
  return answer;
};

const saysInTheLog =
  (minutes: number) =>
  async (account: IncidentAccount): Promise<string> => {
    await account.pass(minutes);
    return logOf(account);
  };

/** What may not be asked is not known of that endpoint: it is neither good nor broken, the log says why, and nobody is told. */
const knowsNothingOf =
  (endpoint: string, prepare = (_account: IncidentAccount): void => {}) =>
  async (account: IncidentAccount): Promise<string> => {
    prepare(account);
    await lookNow(account);
    const said = logOf(account);
    expect(said).toContain(`"${endpoint} unknown"`);
    expect(said).toContain('"on-call good"');
    const { outside, sns } = account.standIn;
    expect([outside.pagerDuty.incidents(), outside.slack.messages(), sns.inbox]).toEqual([[], [], []]);
    return said;
  };

testDeniedGrants<IncidentAccount>(import.meta.dirname, {
  open,
  close: (account) => account.close(),
  drawnCount: 3,
  rights: {
    incident: {
      ...ofLambdaItself,
      ...ofItsQueue,
      ...ofItsInbox,
      'ReadAlarms cloudwatch:DescribeAlarms': {
        drive: async (account) => {
          await account.pass(1);
          expect(heardSaid(account)).toEqual([0]);
          return logOf(account);
        },
      },
      'OwnState s3:GetObject': { drive: tellsNothing },
      // Whoever may not list is not told that a first document is missing: it might be one that is there.
      'TellMissingFromDenied s3:ListBucket': {
        drive: (account) => {
          account.standIn.s3.bucket(bucketName).versions.delete(stateKey('incident', clusterKey));
          return tellsNothing(account);
        },
      },
      'OwnState s3:PutObject': { drive: tellsNothing },
      'SetAside s3:PutObject': { drive: leavesDamagedDocument },
      'ReadOpenFindings s3:GetObject': { drive: saysInTheLog(5) },
      'SayThatPeopleWereTold s3:PutObject': {
        drive: async (account) => {
          await noticeTo(account, 'operations', true);
          expect(account.standIn.sns.inbox).not.toEqual([]);
          return logOf(account);
        },
      },
      'OwnAudit s3:PutObject': { drive: saysItIsNotDone },
      // What S3 took and did not answer is read again, to know that it is one's own; what nobody may read is somebody else's.
      'OwnAudit s3:GetObject': {
        drive: (account) => {
          const roleName = `${incidentFunction}-eu-west-1`;
          return saysItIsNotDone(account, () => {
            account.standIn.world.faults.inject({
              operation: 's3:PutObject',
              roleName,
              fault: 'lost-answer',
              times: 1,
            });
          });
        },
        named: 'counted before',
        advice: 'counts once',
      },
      'Notify sns:Publish': { drive: callsAboutWhoFails },
      'EncryptForTopics kms:Decrypt': { drive: saysWhoFails('operations', 'team-mail') },
      'EncryptForTopics kms:GenerateDataKey': { drive: saysWhoFails('operations', 'team-mail') },
      'TellChats sns:Publish': { drive: saysWhoFails('maintenance', 'chat') },
      'ReadChannelSecrets secretsmanager:GetSecretValue': { drive: tellsTheOthers },
      // The statement is on every key, the topics' among them: nobody is reached, and CloudWatch is told so.
      'DecryptChannelSecrets kms:Decrypt': {
        drive: async (account) => {
          const { standIn, pass, tellFinding, document } = account;
          for (const name of ['mskeeper/pagerduty', 'mskeeper/phone', 'mskeeper/slack'])
            standIn.secrets.put(name, '{}', key);
          await pass(aMoment);
          await tellFinding(brokerAway(2), 'opened');
          await pass(5);
          expect([calledOut(account), standIn.sns.inbox]).toEqual([[], []]);
          expect(heardSaid(account).at(-1)).toBe(0);
          return JSON.stringify(document());
        },
        named: 'Access to KMS is not allowed',
      },
      'DecryptChannelParameters kms:Decrypt': {
        unasked:
          'Parameter Store decrypts with a key of the user’s by the reader’s right: its denial is one of ssm:GetParameter',
      },
      'ReadChannelParameters ssm:GetParameter': { drive: saysInTheLog(1) },
      'SeeWhoListens sns:ListSubscriptionsByTopic': { drive: knowsNothingOf('team-mail') },
      'ReadAddressParameters ssm:GetParameter': { drive: knowsNothingOf('team-mail') },
      'ReadAddressSecrets secretsmanager:GetSecretValue': { drive: knowsNothingOf('boss-mail') },
      'DecryptAddressSecrets kms:Decrypt': {
        drive: knowsNothingOf('boss-mail', ({ standIn }) =>
          standIn.secrets.put('mskeeper/boss-mail', 'b@example.com', key),
        ),
        named: 'Access to KMS is not allowed',
      },
      'SeeWhetherTextsArrive sns:GetSMSSandboxAccountStatus': { drive: knowsNothingOf('on-call-sms') },
      'SeeWhetherTextsArrive sns:CheckIfPhoneNumberIsOptedOut': { drive: knowsNothingOf('on-call-sms') },
      'SeeWhetherTextsArrive sns:ListSMSSandboxPhoneNumbers': {
        drive: knowsNothingOf('on-call-sms', ({ standIn }) => standIn.sns.setSms({ isInSandbox: true })),
      },
    },
  },
});

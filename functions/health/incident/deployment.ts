import { incidentHeard } from '../../../shared/core/incident-heard.ts';
import type { Deployment } from '../../../shared/deployment/deployment.ts';

export const deployment = {
  does: 'Tells people of each fault once, by its cause, and calls others until somebody answers; changes nothing.',
  answers: ['I1', 'I2', 'I3', 'I5', 'I10'],
  drills: ['incident', 'dead-man'],
  function: {
    memoryMiB: 512,
    // Sends take 20 s at most; then their outcomes are written.
    timeoutSeconds: 60,
    assumedSeconds: 1,
    // Its own line has 1 KiB at most, Lambda's three together half of one.
    assumedLogKiB: 2,
    calls: {
      'cloudwatch:DescribeAlarms': 1,
      's3:GetObject state': 1,
      // A quiet minute writes nothing.
      's3:PutObject state': 0,
      // The sweep's, each fifth minute.
      's3:GetObject open-findings': 0.2,
      's3:PutObject receipt': 0,
      // Commands of people.
      's3:GetObject audit': 0,
      's3:PutObject audit': 0,
      'sns:Publish emergency': 0,
      'sns:Publish critical': 0,
      'sns:Publish warning': 0,
      'sns:Publish maintenance': 0,
      'sns:Publish operations': 0,
      'sns:Publish amazon-q': 0,
      // Of the daily look so many as a usual file has endpoints.
      'secretsmanager:GetSecretValue channels': { minute: 0, daily: 3 },
      // Where there is an outside watcher: his address is kept for five minutes.
      'ssm:GetParameter channels': 0.2,
      'sns:ListSubscriptionsByTopic': { minute: 0, daily: 6 },
      'ssm:GetParameter addresses': { minute: 0, daily: 3 },
      'secretsmanager:GetSecretValue addresses': 0,
      'sns:GetSMSSandboxAccountStatus': { minute: 0, daily: 1 },
      'sns:CheckIfPhoneNumberIsOptedOut': { minute: 0, daily: 1 },
      'sns:ListSMSSandboxPhoneNumbers': 0,
    },
  },
  schedules: {
    minute: { usual: 'rate(1 minute)', keptSeconds: 60, silenceIs: 'critical' },
    // By day, so that somebody mends before the night what would let nobody be woken.
    daily: { usual: 'cron(30 9 * * ? *)', keptSeconds: 3600, silenceIs: 'warning' },
  },
  queue: {
    busEvents: [
      { detailType: 'mskeeper finding', exceptChanges: ['still'] },
      // Who leaves no memory behind that the sweep could read says at each look what is still so: a lost opening is heard by it.
      { detailType: 'mskeeper finding', ofProcedures: ['storage-scaling'] },
      { detailType: 'mskeeper notice' },
      { detailType: 'mskeeper report', ofProcedures: ['storage-scaling'] },
    ],
    mostInBatch: 10,
    mostAtOnce: 2,
    // Ten hours at six minutes each (`hiddenSecondsOf`): longer than a role, a key or a deploy that went wrong stays unseen.
    mostTries: 100,
  },
  tellsPeople: true,
  publishes: [`incident ${incidentHeard}`],
  judges: ['escalation', 'responseMinutes'],
} as const satisfies Deployment;

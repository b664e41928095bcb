import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';
import { fetchRequest } from '../../cli/approve/requests.ts';
import { fetchRunStatus } from '../../shared/durable/start.ts';
import { openCallScope } from '../../shared/run/call-scope.ts';
import { root } from '../support/documents.ts';

/** A line that takes things by what their names begin with: in code, in a list that AWS is asked for, in a rule's pattern. */
const beginnings =
  /\.startsWith\(|\b\w*Prefix:(?! string)|[{,] ?Prefix,|'s3:prefix'|\bprefix:(?! (?:string|z))|\bStartAfter\b|ByPath|TagFilters?\b|indexOf\([^)]*\) === 0|ArnLike|StringLike/;

/** A list of AWS's: by what is it narrowed? */
const lists = /new (?:List|Scan|Search|Lookup|GetResources|GetParametersByPath|DescribeAlarm)\w*Command\(/;

const isCode = (line: string): boolean => !/^(?:\*|\/\/|\/\*|import )/.test(line);

type Taken = { readonly because: string; readonly of: Readonly<Record<string, readonly string[]>> };

/**
 * Every such line, by its file, and why nothing of another cluster, stage, procedure or topic is taken with it: `orders` is no
 * beginning of `orders-eu` in it, nor 1 of 10. What patterns of IAM and of rules match is tried in the templates themselves
 * (names-apart.test.ts), for any two keys.
 */
const taken: readonly Taken[] = [
  {
    because: 'The beginning ends with a slash behind the whole key, which holds none (names-apart.test.ts).',
    of: {
      'shared/core/store-keys.ts': ['key.startsWith(prefix)'],
      'shared/core/own-alarms.ts': ['return alarmName.startsWith('],
      'shared/aws/cloudwatch-alarms.ts': ['AlarmNamePrefix: namePrefix', 'new DescribeAlarmsCommand('],
      'cli/account/alarms.ts': [
        'new DescribeAlarmsCommand(',
        'AlarmNamePrefix: namePrefix',
        'alarmName.startsWith(namePrefix)',
        'new DescribeAlarmHistoryCommand(',
      ],
      'cli/account/last-report.ts': ['Prefix: `', 'new ListObjectsV2Command('],
      'cli/history/records.ts': ['const StartAfter = auditDayPrefix(', 'new ListObjectsV2Command('],
      'infra/stack/access-log.ts': ['LogFilePrefix: logPrefix(context)'],
      'infra/stack/alarms.ts': ['prefix: alarmPrefixOf(context)'],
      'infra/stack/approver.ts': ["'s3:prefix': "],
      'infra/stack/bucket.ts': [
        "Prefix: 'reports/'",
        "Prefix: 'state/'",
        "Prefix: 'budget/'",
        "Prefix: 'approvals/'",
        "Prefix: 'receipts/'",
      ],
      'infra/stack/inboxes.ts': ['prefix: tellingPrefixes', 'prefix: alarmPrefixOf(context)'],
      'functions/health/incident/commands.ts': ['key.startsWith(testKeyOf(commandId))'],
      'functions/health/incident/ports-on-aws.ts': ['name.startsWith(own.prefix)'],
      'functions/health/incident/core/alarm-names.ts': ['name.startsWith(prefix)'],
      'infra/stack/self-topics.ts': ['`alarm:'],
      'infra/stack/wakers.ts': ['alarmName: [{ prefix: alarmOwnerPrefixOf(context, slug) }]'],
    },
  },
  {
    because: 'Whole names are picked out of what the list gives (the tests below).',
    of: {
      'cli/approve/requests.ts': ['new ListObjectsV2Command('],
      'cli/approve/standing.ts': ['new ListDurableExecutionsByFunctionCommand('],
      'shared/durable/start.ts': [
        'const command = new ListDurableExecutionsByFunctionCommand({',
        'const command = new ListDurableExecutionsByFunctionCommand({',
      ],
    },
  },
  {
    because:
      'The whole name is compared behind it (intake.test.ts), or the function that it is of stands beside it, to its colon.',
    of: {
      'shared/events/intake.ts': ['itsName.startsWith('],
      'infra/stack/durable.ts': ['durableExecutionName: [{ prefix:', '{ prefix: arnOf(context,'],
    },
  },
  {
    because: 'AWS takes the whole name or ARN for it, and lists what is of that alone.',
    of: {
      'shared/aws/msk.ts': ['new ListNodesCommand({ ClusterArn', 'new ListClusterOperationsV2Command('],
      'cli/account/functions.ts': ['new ListDurableExecutionsByFunctionCommand({ FunctionName: name'],
      'cli/account/metrics.ts': ['new ListMetricsCommand('],
      'cli/account/msk-forms.ts': ['new ListNodesCommand({ ClusterArn', 'new ListScramSecretsCommand({ ClusterArn'],
      'cli/account/quotas.ts': ['new ListServiceQuotasCommand({ ServiceCode'],
      'shared/aws/sns-people.ts': ['new ListSubscriptionsByTopicCommand({ TopicArn'],
    },
  },
  {
    because: 'A secret’s ARN to its six characters, which no other name can have behind this one and a dash.',
    of: {
      'shared/deployment/kafka-grants.ts': ["secretId.startsWith('arn:')", 'SecretARN'],
      'shared/deployment/channel-grants.ts': ['SecretARN', 'PARAMETER_ARN'],
    },
  },
  {
    because: 'All of the account, since SNS narrows it by nothing: a number is looked for whole.',
    of: { 'shared/aws/sns-people.ts': ['new ListSMSSandboxPhoneNumbersCommand('] },
  },
  {
    because: 'A word of ours stands before the name, with the space or the bar behind it; all of the rest is the name.',
    of: {
      'functions/health/cluster-health/core/diagnosis.ts': ['subject.startsWith(`'],
      'functions/health/incident/core/explain.ts': ['subject.startsWith(`'],
      'functions/health/incident/core/said.ts': ["subject.startsWith('broker ')", 'subject.startsWith(what)'],
      'functions/health/incident/core/works.ts': [
        'key.startsWith(ofMsk)',
        'key.startsWith(ofMsk)',
        'key.startsWith(ofMsk)',
      ],
      'shared/core/known.ts': ['why.startsWith(prefix)'],
    },
  },
  {
    because:
      'Topics of Kafka’s own and nobody’s to cut: one that a person called so is left out of a proposal, and no more.',
    of: { 'functions/capacity/storage-scaling/core/retention-candidates.ts': ["topic.name.startsWith('__')"] },
  },
  {
    because: 'A word of a closed set or a form that is told by its beginning, and nobody’s name.',
    of: {
      'cli/account/subscriptions.ts': ["key?.startsWith('arn:')"],
      'shared/aws/sns-people.ts': ["arn?.startsWith('arn:')"],
      'cli/doctor/deployer-names.ts': ["one.secret.startsWith('arn:')"],
      'cli/history/render.ts': ["word.startsWith('held')"],
      'cli/history/since.ts': ['startsWith(text)'],
      'infra/checks/mutation/areas.ts': ["fileName.startsWith('.')"],
      'infra/configuration/check-partitions.ts': ["value.startsWith('arn:')"],
      'infra/configuration/parse-configuration.ts': ['keepFirstByPath', 'keepFirstByPath'],
      'infra/configuration/suggestion.ts': ['candidate.startsWith(word)'],
      'infra/docs/blocks.ts': ["folder.startsWith('kafka/')"],
      'infra/functions.ts': ["folder.startsWith('kafka/')"],
      'shared/aws/endpoint.ts': ["code.startsWith('HPE_')"],
      'shared/aws/msk-answers.ts': ["startsWith('express.')"],
      'shared/core/errors.ts': ['told.startsWith('],
      'shared/core/metric-catalogue.ts': ['startsWith(`kafka.'],
      'shared/kafka/wire/connection-failure.ts': ["code.startsWith('EAI_')"],
    },
  },
];

const found = globSync('{functions,shared,infra,cli}/**/*.ts', { cwd: root }).flatMap((file) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => isCode(line) && (beginnings.test(line) || lists.test(line)))
    .map((line) => ({ file, line })),
);

test('whatever takes things by what their names begin with is listed, with the reason why it takes no other’s', () => {
  const left = taken.flatMap(({ of }) =>
    Object.entries(of).flatMap(([file, words]) => words.map((part) => ({ file, part }))),
  );
  const unlisted = found.filter(({ file, line }) => {
    const index = left.findIndex((one) => one.file === file && line.includes(one.part));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  expect({ unlisted, listedAndGone: left }).toEqual({ unlisted: [], listedAndGone: [] });
});

const alike = [
  'orders-storage-scaling-10',
  'orders-storage-scaling-11',
  'orders-eu-storage-scaling-1',
  'orders-storage-scaling-1-1',
];
const calls = openCallScope(AbortSignal.timeout(20_000));

test('of a list of runs only the one of the whole name is meant, whatever Lambda lists for it', async () => {
  const listing = (names: readonly string[]) => {
    const client = new LambdaClient({ region: 'eu-west-1' });
    const DurableExecutions = names.map((DurableExecutionName) => ({ DurableExecutionName, Status: 'RUNNING' }));
    vi.spyOn(client, 'send').mockImplementation(async () => ({ DurableExecutions, $metadata: {} }));
    return client;
  };
  const statusIn = (names: readonly string[]) =>
    fetchRunStatus(listing(names), calls, 'mskeeper-orders-storage-scaling-run', 'orders-storage-scaling-1');
  expect(await statusIn(alike)).toBe('unknown');
  expect(await statusIn([...alike, 'orders-storage-scaling-1'])).toBe('running');
});

test('of a list of requests only the one of the whole id is meant, whatever S3 lists for it', async () => {
  const client = new S3Client({ region: 'eu-west-1' });
  const Contents = alike.map((id) => ({ Key: `approvals/orders/${id}.json` }));
  const send = vi.spyOn(client, 'send').mockImplementation(async () => ({ Contents, $metadata: {} }));
  const where = { client, calls, bucket: 'bucket', cluster: 'orders' };
  expect(await fetchRequest(where, 'orders-storage-scaling-1')).toBeUndefined();
  // It was looked for, and none of the others was read.
  expect(send).toHaveBeenCalledTimes(1);
});

test('a new one would be seen', () => {
  for (const line of [
    'if (name.startsWith(cluster)) return;',
    'new ListObjectsV2Command({ Bucket: bucket, Prefix: cluster })',
    'new DescribeAlarmsCommand({ AlarmNamePrefix: prefix })',
    'new GetParametersByPathCommand({ Path: path })',
    'new DescribeLogGroupsCommand({ logGroupNamePrefix: name })',
    "detail: { name: [{ prefix: 'orders' }] }",
    'TagFilters: [{ Key }]',
  ])
    expect(beginnings.test(line) || lists.test(line), line).toBe(true);
});

import type { FunctionDefinition, QueueNeeds } from '../../shared/deployment/function-definition.ts';
import {
  alarmPrefixOf,
  arnOf,
  busLogicalId,
  functionLogicalId,
  prefixOf,
  ruleNameOf,
  type StackContext,
} from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import { mergeResources, type ResourceEntry, resourcesOf } from '../../shared/deployment/resources.ts';
import {
  denyWithoutTls,
  getAtt,
  type JsonObject,
  policyDocument,
  type Resource,
  type Resources,
  ref,
} from '../../shared/deployment/template.ts';
import { deny, repairersOf, unless } from './closed.ts';
import {
  deadLetterQueueNameOf,
  hiddenSecondsOf,
  inboxDeadLettersLogicalId,
  inboxLogicalId,
  inboxQueueNameOf,
} from './inbox-names.ts';
import { queueLogicalId } from './queues.ts';
import type { RuleIdentity } from './wakers.ts';

/** A function with the queue through which events come to it. */
type Inbox = { readonly definition: FunctionDefinition; readonly needs: QueueNeeds };

const inboxesOf = ({ functions }: StackContext): readonly Inbox[] =>
  functions.flatMap((definition) => (definition.queue === undefined ? [] : [{ definition, needs: definition.queue }]));

const queueId = ({ definition: { slug } }: Inbox): string => inboxLogicalId(slug);
const deadLettersId = ({ definition: { slug } }: Inbox): string => inboxDeadLettersLogicalId(slug);
const alarmsRuleId = ({ definition: { slug } }: Inbox): string => logicalIdOf('AllAlarmsRule', slug);
const busRuleId = ({ definition: { slug } }: Inbox): string => logicalIdOf('InboxBusRule', slug);

/** What comes into which queue: who tells people hears every alarm that does not tell of itself. */
const rulesOf = (inbox: Inbox): readonly { readonly id: string; readonly what: 'all-alarms' | 'bus' }[] => [
  ...(inbox.definition.tellsPeople ? [{ id: alarmsRuleId(inbox), what: 'all-alarms' } as const] : []),
  ...(inbox.needs.busEvents.length > 0 ? [{ id: busRuleId(inbox), what: 'bus' } as const] : []),
];

/** Rules whose undelivered events are kept: the queue lets these write and no others. */
export const inboxRuleIdsOf = (context: StackContext): readonly string[] =>
  inboxesOf(context).flatMap((inbox) => rulesOf(inbox).map(({ id }) => id));

/** The same rules as EventBridge's metrics name them. */
export const inboxRulesOf = (context: StackContext): readonly RuleIdentity[] =>
  inboxesOf(context).flatMap((inbox) =>
    rulesOf(inbox).map(({ what }) => ({
      name: ruleNameOf(context, inbox.definition.slug, what),
      ...(what === 'bus' && { busName: prefixOf(context) }),
    })),
  );

const encryption = (context: StackContext): JsonObject => {
  const KmsMasterKeyId = ownKeyOf(context, 'queues');
  return KmsMasterKeyId === undefined ? { SqsManagedSseEnabled: true } : { KmsMasterKeyId };
};

const queues = (context: StackContext, inbox: Inbox): readonly ResourceEntry[] => {
  const { definition, needs } = inbox;
  const QueueName = inboxQueueNameOf(context, definition);
  const common = { MessageRetentionPeriod: 1_209_600, ...encryption(context) };
  const stays = { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' } as const;
  const incoming: Resource = {
    ...stays,
    Properties: {
      QueueName,
      ...common,
      VisibilityTimeout: hiddenSecondsOf(definition),
      RedrivePolicy: {
        deadLetterTargetArn: getAtt(deadLettersId(inbox), 'Arn'),
        maxReceiveCount: needs.mostTries,
      },
    },
  };
  const deadLetters: Resource = {
    ...stays,
    Properties: {
      QueueName: deadLetterQueueNameOf(context, definition),
      ...common,
      // By its name: a reference would close a circle.
      RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [arnOf(context, 'sqs', QueueName)] },
    },
  };
  return [
    [queueId(inbox), incoming],
    [deadLettersId(inbox), deadLetters],
  ];
};

/** EventBridge writes for these rules; of people who may do anything only who mends by hand, as when he sends set-aside events again. */
const policies = (context: StackContext, inbox: Inbox): readonly ResourceEntry[] => {
  const queueArn = getAtt(queueId(inbox), 'Arn');
  const deadLettersArn = getAtt(deadLettersId(inbox), 'Arn');
  const policyOf = (id: string, statements: Parameters<typeof policyDocument>[0]): ResourceEntry => [
    `${id}Policy`,
    {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [ref(id)], PolicyDocument: policyDocument(statements) },
    },
  ];
  return [
    policyOf(queueId(inbox), [
      {
        Sid: 'Writers',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': rulesOf(inbox).map(({ id }) => getAtt(id, 'Arn')) } },
      },
      deny('NobodyElse', {
        Action: ['sqs:SendMessage'],
        Resource: queueArn,
        Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' }, ...unless(repairersOf(context)).Condition },
      }),
      denyWithoutTls('sqs:SendMessage', queueArn),
    ]),
    // SQS itself moves messages here, and asks no policy.
    policyOf(deadLettersId(inbox), [denyWithoutTls('sqs:SendMessage', deadLettersArn)]),
  ];
};

const rule = (context: StackContext, inbox: Inbox, what: string, rest: JsonObject): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: ruleNameOf(context, inbox.definition.slug, what),
    State: 'ENABLED',
    ...rest,
    Targets: [
      {
        Id: inbox.definition.slug,
        Arn: getAtt(queueId(inbox), 'Arn'),
        RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 600 },
        DeadLetterConfig: { Arn: getAtt(queueLogicalId('undelivered-alarms'), 'Arn') },
      },
    ],
  },
});

/**
 * Whatever enters ALARM, and whatever leaves it: by ALARM → INSUFFICIENT_DATA → OK the first of the two is the end, and of the
 * second there is nothing new to hear. So sixty alarms that find their first data after a deploy, or their next after a broker's
 * restart, wake nobody. What is lost or late here is found by the sweep, which asks for the states themselves.
 *
 * @param tellingPrefixes what names of alarms begin with that tell of the teller itself: they must not wake what they watch. That
 *   anything-but takes a list of prefixes stands in the README of aws/event-ruler, the engine behind EventBridge's rules
 *   ("Anything-but prefix list"); EventBridge's own guide shows it with one
 */
const allAlarmsRule = (context: StackContext, inbox: Inbox, tellingPrefixes: readonly string[]): Resource =>
  rule(context, inbox, 'all-alarms', {
    Description: `Alarms of ${context.clusterKey} that enter ALARM or leave it`,
    EventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      account: [context.cluster.accountId],
      region: [context.cluster.region],
      resources: [
        {
          'anything-but': { prefix: tellingPrefixes.map((prefix) => arnOf(context, 'cloudwatch', `alarm:${prefix}`)) },
        },
      ],
      detail: {
        alarmName: [{ prefix: alarmPrefixOf(context) }],
        $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }],
      },
    },
  });

const busRule = (context: StackContext, inbox: Inbox): Resource => {
  const isWhole = ({ exceptChanges, ofProcedures }: (typeof inbox.needs.busEvents)[number]): boolean =>
    exceptChanges === undefined && ofProcedures === undefined;
  const whole = inbox.needs.busEvents.filter(isWhole);
  const alternatives: readonly JsonObject[] = [
    ...(whole.length === 0 ? [] : [{ 'detail-type': whole.map(({ detailType }) => detailType) }]),
    ...inbox.needs.busEvents
      .filter((one) => !isWhole(one))
      .map(({ detailType, exceptChanges, ofProcedures }) => ({
        'detail-type': [detailType],
        detail: {
          ...(exceptChanges !== undefined && { change: [{ 'anything-but': exceptChanges }] }),
          ...(ofProcedures !== undefined && { procedure: ofProcedures }),
        },
      })),
  ];
  const [only, ...others] = alternatives;
  return rule(context, inbox, 'bus', {
    Description: `What mskeeper itself says that comes to ${inbox.definition.slug}`,
    EventBusName: ref(busLogicalId),
    EventPattern: {
      source: ['mskeeper'],
      account: [context.cluster.accountId],
      region: [context.cluster.region],
      // EventBridge takes two alternatives or more.
      ...(others.length === 0 ? only : { $or: alternatives }),
    },
  });
};

const mapping = (inbox: Inbox): Resource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: getAtt(queueId(inbox), 'Arn'),
    FunctionName: ref(functionLogicalId(inbox.definition.slug)),
    Enabled: true,
    BatchSize: inbox.needs.mostInBatch,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: inbox.needs.mostAtOnce },
  },
});

/**
 * Queues through which events come to functions, each with its dead letters, the rules that fill it, and what hands it over.
 *
 * @param tellingPrefixes see `allAlarmsRule`
 */
export const inboxResources = (context: StackContext, tellingPrefixes: readonly string[]): Resources =>
  mergeResources(
    ...inboxesOf(context).map((inbox) =>
      resourcesOf([
        ...queues(context, inbox),
        ...policies(context, inbox),
        ...rulesOf(inbox).map(
          ({ id, what }): ResourceEntry => [
            id,
            what === 'bus' ? busRule(context, inbox) : allAlarmsRule(context, inbox, tellingPrefixes),
          ],
        ),
        [logicalIdOf('Mapping', inbox.definition.slug), mapping(inbox)],
      ]),
    ),
  );

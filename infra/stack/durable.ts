import { parameterChanges } from '../../shared/core/parameter-change.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import {
  arnOf,
  busLogicalId,
  functionLogicalId,
  functionNameOf,
  prefixOf,
  ruleNameOf,
  type StackContext,
} from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { type ResourceEntry, resourcesOf } from '../../shared/deployment/resources.ts';
import { getAtt, type Resource, type Resources, ref } from '../../shared/deployment/template.ts';
import { badStatuses } from '../../shared/events/intake.ts';
import { queueLogicalId } from './queues.ts';
import type { RuleIdentity } from './wakers.ts';

/** An intake with the durable function that it starts. */
type Intake = { readonly definition: FunctionDefinition; readonly runSlug: string };

const intakesOf = ({ functions }: StackContext): readonly Intake[] =>
  functions.flatMap((definition) =>
    definition.starts === undefined ? [] : [{ definition, runSlug: definition.starts }],
  );

const runEndedRuleId = ({ definition }: Intake): string => logicalIdOf('RunEndedRule', definition.slug);
const busRuleId = ({ definition }: Intake): string => logicalIdOf('BusRule', definition.slug);
/** The first who may ask who changed the kill switch is told when it is: people hear of it once, whatever acts there are. */
const hearsTheSwitch = (context: StackContext, { definition }: Intake): boolean =>
  definition.slug ===
  context.functions.find(({ calls }) => Object.hasOwn(calls, 'ssm:GetParameterHistory kill-switch'))?.slug;
const switchRuleId = ({ definition }: Intake): string => logicalIdOf('KillSwitchRule', definition.slug);
const hearsTheBus = ({ definition }: Intake): boolean => (definition.busEvents ?? []).length > 0;

/** Rules whose undelivered events are kept: the queue lets these write and no others. */
export const intakeRuleIdsOf = (context: StackContext): readonly string[] =>
  intakesOf(context).flatMap((intake) => [
    runEndedRuleId(intake),
    ...(hearsTheBus(intake) ? [busRuleId(intake)] : []),
    ...(hearsTheSwitch(context, intake) ? [switchRuleId(intake)] : []),
  ]);

/** The same rules as EventBridge's metrics name them. */
export const intakeRulesOf = (context: StackContext): readonly RuleIdentity[] =>
  intakesOf(context).flatMap((intake) => {
    const name = (what: string) => ruleNameOf(context, intake.definition.slug, what);
    const bus = hearsTheBus(intake) ? [{ name: name('bus'), busName: prefixOf(context) }] : [];
    const killSwitch = hearsTheSwitch(context, intake) ? [{ name: name('kill-switch') }] : [];
    return [{ name: name('run-ended') }, ...bus, ...killSwitch];
  });

const targetOf = ({ definition: { slug } }: Intake) => ({
  Id: slug,
  Arn: getAtt(functionLogicalId(slug), 'Arn'),
  RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 },
  DeadLetterConfig: { Arn: getAtt(queueLogicalId('undelivered-alarms'), 'Arn') },
});

/**
 * Lambda tells of a run's bad end here and nowhere else: a durable function has no destination (Lambda guide, "Monitoring
 * durable functions"). The ARN's function part is matched with its colon, since a version always follows. A run that a person
 * began under a name of his own is his to look after: the alarm on bad ends counts it, too.
 */
const runEndedRule = (context: StackContext, intake: Intake): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: ruleNameOf(context, intake.definition.slug, 'run-ended'),
    Description: `Runs of ${intake.runSlug} that failed, timed out or were stopped`,
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.lambda'],
      'detail-type': ['Durable Execution Status Change'],
      account: [context.cluster.accountId],
      region: [context.cluster.region],
      detail: {
        status: [...badStatuses],
        durableExecutionName: [{ prefix: `${context.clusterKey}-${intake.definition.procedure}-` }],
        durableExecutionArn: [
          { prefix: arnOf(context, 'lambda', `function:${functionNameOf(context, intake.runSlug)}:`) },
        ],
      },
    },
    Targets: [targetOf(intake)],
  },
});

const busRule = (context: StackContext, intake: Intake): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: ruleNameOf(context, intake.definition.slug, 'bus'),
    Description: `What mskeeper itself says that wakes ${intake.definition.slug}`,
    State: 'ENABLED',
    EventBusName: ref(busLogicalId),
    EventPattern: {
      source: ['mskeeper'],
      'detail-type': intake.definition.busEvents ?? [],
      account: [context.cluster.accountId],
      region: [context.cluster.region],
    },
    Targets: [targetOf(intake)],
  },
});

/**
 * Parameter Store tells of a change at its best effort, and does not say who made it (Systems Manager User Guide, "Setting up
 * notifications or trigger actions based on Parameter Store events"): the intake asks.
 */
const switchRule = (context: StackContext, intake: Intake): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: ruleNameOf(context, intake.definition.slug, 'kill-switch'),
    Description: 'Changes of the kill switch',
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      account: [context.cluster.accountId],
      region: [context.cluster.region],
      detail: {
        name: [context.configuration.killSwitch.parameter],
        operation: [...parameterChanges],
      },
    },
    Targets: [targetOf(intake)],
  },
});

const invokedByRule = ({ definition: { slug } }: Intake, ruleId: string): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: getAtt(functionLogicalId(slug), 'Arn'),
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    // It holds the account. `SourceAccount` beside it is in no example of AWS's, and nobody saw EventBridge send it.
    SourceArn: getAtt(ruleId, 'Arn'),
  },
});

/** What wakes an intake besides its alarms: the bad end of its runs, what mskeeper says on its own bus, a changed kill switch. */
export const intakeResources = (context: StackContext): Resources =>
  resourcesOf(
    intakesOf(context).flatMap((intake): readonly ResourceEntry[] => {
      const rules: readonly ResourceEntry[] = [
        [runEndedRuleId(intake), runEndedRule(context, intake)],
        ...(hearsTheBus(intake) ? [[busRuleId(intake), busRule(context, intake)] as const] : []),
        ...(hearsTheSwitch(context, intake) ? [[switchRuleId(intake), switchRule(context, intake)] as const] : []),
      ];
      return rules.flatMap(([id, rule]) => [
        [id, rule] as const,
        [`${id.slice(0, -'Rule'.length)}Permission`, invokedByRule(intake, id)] as const,
      ]);
    }),
  );

import * as EventsClient from '@aws-sdk/client-eventbridge';
import type { Timer } from '../../../clock.ts';
import { type Policy, parsePolicy } from '../../iam/policy.ts';
import { deliverWithRetries } from '../../retry.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { parseSchedule, runSchedule } from '../scheduler/schedule.ts';
import { type LostEvent, sendToDeadLetterQueue } from './dead-letter.ts';
import { createEvent, type EventBridgeEvent } from './event.ts';
import { checkRequest, entryFailure, eventOf } from './put-events.ts';
import { type Rule, readRule, type Target } from './rule.ts';
import { targetPayload } from './target-input.ts';

/** EventBridge: buses, rules, schedules of rules. */
export type EventBridge = {
  /** Puts an event of AWS itself on a bus (`default` for alarm state changes) and delivers it to the rules' targets. */
  deliver(busName: string, event: EventBridgeEvent): Promise<void>;
  /** Every event of every bus, in order. */
  readonly events: readonly { busName: string; event: EventBridgeEvent }[];
  /** What reached neither target nor dead-letter queue; on AWS only a metric tells. */
  readonly lost: readonly LostEvent[];
  readonly rules: () => readonly Rule[];
  /** Every target gets every event this often; EventBridge promises at least once, so a test may ask for 2. */
  setDeliveriesPerEvent(count: number): void;
  /** Ends the schedules of rules. */
  stop(): void;
};

type Bus = { readonly name: string; readonly arn: string; policies: readonly Policy[] };

/** Adds EventBridge to the world, with its default bus. */
export function createEventBridge(world: AwsWorld): EventBridge {
  const busArn = (name: string): string => `arn:aws:events:${world.region}:${world.accountId}:event-bus/${name}`;
  const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
  const buses = new Map<string, Bus>([['default', { name: 'default', arn: busArn('default'), policies: [] }]]);
  const rules = new Map<string, Rule>();
  const events: { busName: string; event: EventBridgeEvent }[] = [];
  const lost: LostEvent[] = [];
  const running: Timer[] = [];
  let deliveriesPerEvent = 1;

  const send = async (rule: Rule, target: Target, event: EventBridgeEvent): Promise<void> => {
    const origin = { service: 'events.amazonaws.com', sourceArn: rule.arn };
    const service = { kind: 'service', ...origin } as const;
    const sender =
      target.roleArn === undefined ? service : ({ kind: 'role', roleArn: target.roleArn, ...origin } as const);
    const ingestedAt = new Date(world.clock.nowMs()).toISOString();
    const payload = targetPayload(target.input, event, { ruleArn: rule.arn, ruleName: rule.name, ingestedAt });
    await deliverWithRetries(world, { sender, targetArn: target.arn, payload }, target.retry, (failed) =>
      sendToDeadLetterQueue(world, failed, { arn: target.deadLetterQueueArn, sender: service }, lost),
    );
  };
  const sendToTargets = async (rule: Rule, event: EventBridgeEvent): Promise<void> => {
    for (const target of rule.targets) {
      for (let count = 0; count < deliveriesPerEvent; count += 1) await send(rule, target, event);
    }
  };
  const deliver = async (busName: string, event: EventBridgeEvent): Promise<void> => {
    events.push({ busName, event });
    for (const rule of rules.values()) {
      if (rule.busName === busName && rule.isEnabled && rule.pattern?.matches(event)) await sendToTargets(rule, event);
    }
  };
  const fireSchedule = async (rule: Rule, plannedMs: number): Promise<void> => {
    const where = {
      account: world.accountId,
      region: world.region,
      atMs: plannedMs,
      resources: [rule.arn],
      detail: {},
    };
    const event = createEvent({ source: 'aws.events', detailType: 'Scheduled Event', ...where });
    events.push({ busName: 'default', event });
    await sendToTargets(rule, event);
  };

  world.addCreator('AWS::Events::EventBus', ({ properties }) => {
    const name = String(properties.Name);
    const policy = properties.Policy;
    buses.set(name, { name, arn: busArn(name), policies: policy === undefined ? [] : [parsePolicy(policy)] });
    return { ref: name, attributes: { Arn: busArn(name), Name: name } };
  });
  world.addCreator('AWS::Events::EventBusPolicy', ({ logicalId, properties }) => {
    const bus = buses.get(nameOf(String(properties.EventBusName ?? 'default')));
    if (!bus) throw new Error(`the bus of ${logicalId} does not exist`);
    bus.policies = [...bus.policies, parsePolicy({ Statement: [properties.Statement] })];
    return { ref: logicalId, attributes: {} };
  });
  world.addCreator('AWS::Events::Rule', ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.Name ?? `${stackName}-${logicalId}`);
    const rule = readRule(properties, name, { region, accountId });
    if (!buses.has(rule.busName)) throw new Error(`the bus ${rule.busName} of rule ${name} does not exist`);
    rules.set(rule.arn, rule);
    if (rule.scheduleExpression !== undefined && rule.isEnabled) {
      const schedule = parseSchedule(rule.scheduleExpression, { timeZone: 'UTC', createdMs: world.clock.nowMs() });
      running.push(runSchedule(world.clock, schedule, (plannedMs) => fireSchedule(rule, plannedMs)));
    }
    return { ref: rule.busName === 'default' ? name : `${rule.busName}|${name}`, attributes: { Arn: rule.arn } };
  });
  world.addResourcePolicies('events', (arn) => buses.get(nameOf(arn))?.policies ?? []);
  world.addReceiver('events', async ({ sender, targetArn, payload }) => {
    world.authorizeSender(sender, { action: 'events:PutEvents', resource: targetArn });
    // Only another bus's rule delivers to a bus, and it passes its event on as it is.
    await deliver(nameOf(targetArn), JSON.parse(payload) as EventBridgeEvent);
  });
  world.addService({
    signingName: 'events',
    protocol: 'aws-json-1.1',
    clientModule: EventsClient,
    operations: {
      PutEvents: {
        authorize: ({ Entries = [] }: EventsClient.PutEventsCommandInput) =>
          Entries.map(({ EventBusName = 'default', Source = '', DetailType = '' }) => ({
            action: 'events:PutEvents',
            resource: busArn(nameOf(EventBusName)),
            context: { 'events:source': Source, 'events:detail-type': DetailType },
          })),
        run: async ({ Entries = [] }: EventsClient.PutEventsCommandInput) => {
          checkRequest(Entries);
          const results: EventsClient.PutEventsResultEntry[] = [];
          for (const entry of Entries) results.push(entryFailure(entry) ?? { EventId: await take(entry) });
          return {
            Entries: results,
            FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
          };
        },
      },
    },
  });
  const take = async (entry: EventsClient.PutEventsRequestEntry): Promise<string> => {
    const bus = buses.get(nameOf(entry.EventBusName ?? 'default'));
    if (!bus) throw new AwsError('ResourceNotFoundException', 400, `Event bus ${entry.EventBusName} does not exist.`);
    const event = eventOf(entry, world);
    await deliver(bus.name, event);
    return event.id;
  };
  return {
    deliver,
    events,
    lost,
    rules: () => [...rules.values()],
    stop: () =>
      running.splice(0).forEach((timer) => {
        timer.cancel();
      }),
    setDeliveriesPerEvent(count) {
      deliveriesPerEvent = count;
    },
  };
}

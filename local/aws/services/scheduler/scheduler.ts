import { randomUUID } from 'node:crypto';
import type { Timer } from '../../../clock.ts';
import { deliverWithRetries } from '../../retry.ts';
import type { ResourceRequest } from '../../template/resource.ts';
import type { AwsWorld } from '../../world.ts';
import { type LostEvent, sendToDeadLetterQueue } from '../eventbridge/dead-letter.ts';
import { readRetryPolicy } from '../eventbridge/rule.ts';
import { parseSchedule, runSchedule } from './schedule.ts';

/** EventBridge Scheduler, made from AWS::Scheduler::Schedule alone; its API is not served. */
export type Scheduler = {
  readonly lost: readonly LostEvent[];
  /** Names of enabled schedules with their expressions. */
  readonly schedules: () => readonly { name: string; expression: string; timeZone: string }[];
  /** Ends every schedule. */
  stop(): void;
};

/** Adds the scheduler to the world. */
export function createScheduler(world: AwsWorld): Scheduler {
  const lost: LostEvent[] = [];
  const running: Timer[] = [];
  const schedules = new Map<string, { name: string; expression: string; timeZone: string }>();
  world.addCreator('AWS::Scheduler::ScheduleGroup', ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.Name ?? `${stackName}-${logicalId}`);
    const arn = `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`;
    return { ref: name, attributes: { Arn: arn, State: 'ACTIVE' } };
  });
  world.addCreator('AWS::Scheduler::Schedule', ({ logicalId, properties, stackName, region, accountId }) => {
    const known =
      'Name Description State GroupName ScheduleExpression ScheduleExpressionTimezone FlexibleTimeWindow Target';
    assertKnown(properties, known);
    const name = String(properties.Name ?? `${stackName}-${logicalId}`);
    const arn = `arn:aws:scheduler:${region}:${accountId}:schedule/${String(properties.GroupName ?? 'default')}/${name}`;
    const window = properties.FlexibleTimeWindow as { Mode?: string } | undefined; // a template's plain data
    if (window?.Mode !== 'OFF') throw new Error(`schedule ${name}: only FlexibleTimeWindow OFF is served here`);
    const expression = String(properties.ScheduleExpression);
    const timeZone = String(properties.ScheduleExpressionTimezone ?? 'UTC');
    const schedule = parseSchedule(expression, { timeZone, createdMs: world.clock.nowMs() });
    const send = sender(world, arn, properties.Target, lost);
    if (properties.State !== 'DISABLED') {
      schedules.set(arn, { name, expression, timeZone });
      running.push(runSchedule(world.clock, schedule, send));
    }
    return { ref: name, attributes: { Arn: arn } };
  });
  return {
    lost,
    schedules: () => [...schedules.values()],
    stop: () =>
      running.splice(0).forEach((timer) => {
        timer.cancel();
      }),
  };
}

type TemplateTarget = {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly RetryPolicy?: unknown;
  readonly DeadLetterConfig?: { readonly Arn?: string };
};

function sender(world: AwsWorld, scheduleArn: string, properties: unknown, lost: LostEvent[]) {
  const target = properties as TemplateTarget; // a template's plain data
  assertKnown(target, 'Arn RoleArn Input RetryPolicy DeadLetterConfig');
  // The scheduler assumes the role for a schedule group, not for one schedule.
  // Source: EventBridge Scheduler User Guide, "Confused deputy prevention".
  const groupArn = scheduleArn.slice(0, scheduleArn.lastIndexOf('/')).replace(':schedule/', ':schedule-group/');
  world.authorizeAssumption(target.RoleArn, 'scheduler.amazonaws.com', groupArn);
  const from = {
    kind: 'role',
    roleArn: target.RoleArn,
    service: 'scheduler.amazonaws.com',
    sourceArn: scheduleArn,
  } as const;
  return async (plannedMs: number): Promise<void> => {
    const payload = fillContext(target.Input ?? defaultEvent(world, scheduleArn, plannedMs), scheduleArn, plannedMs);
    const delivery = { sender: from, targetArn: target.Arn, payload };
    await deliverWithRetries(world, delivery, readRetryPolicy(target.RetryPolicy), (failed) =>
      sendToDeadLetterQueue(world, failed, { arn: target.DeadLetterConfig?.Arn, sender: from }, lost),
    );
  };
}

/** Source: EventBridge Scheduler User Guide, "Adding context attributes". */
function fillContext(input: string, scheduleArn: string, plannedMs: number): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', isoSeconds(plannedMs))
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}

/** What a target without Input gets; its detail is the text `{}`, unlike a rule's. */
function defaultEvent(world: AwsWorld, scheduleArn: string, plannedMs: number): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: world.accountId,
    time: isoSeconds(plannedMs),
    region: world.region,
    resources: [scheduleArn],
    detail: '{}',
  });
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function assertKnown(properties: ResourceRequest['properties'] | TemplateTarget, known: string): void {
  const unknownName = Object.keys(properties).find((name) => !known.split(' ').includes(name));
  if (unknownName) throw new Error(`${unknownName} of a schedule is not served here`);
}

import type { RetryPolicy } from '../../retry.ts';
import { AwsError } from '../../service.ts';
import { compilePattern, type EventPattern } from './pattern.ts';
import type { TargetInput } from './target-input.ts';

export type Target = {
  readonly id: string;
  readonly arn: string;
  readonly roleArn: string | undefined;
  readonly input: TargetInput;
  readonly retry: RetryPolicy;
  readonly deadLetterQueueArn: string | undefined;
};

export type Rule = {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly isEnabled: boolean;
  readonly pattern: EventPattern | undefined;
  readonly scheduleExpression: string | undefined;
  readonly targets: readonly Target[];
};

type Properties = Readonly<Record<string, unknown>>;

/**
 * Reads the properties of an AWS::Events::Rule.
 * @throws AwsError for a property that EventBridge would refuse, Error for one that is not served here.
 */
export function readRule(properties: Properties, name: string, where: { region: string; accountId: string }): Rule {
  assertKnown(properties, 'Name Description State EventBusName EventPattern ScheduleExpression Targets Tags RoleArn');
  const bus = String(properties.EventBusName ?? 'default');
  const busName = bus.slice(bus.lastIndexOf('/') + 1);
  const path = busName === 'default' ? name : `${busName}/${name}`;
  const pattern = properties.EventPattern;
  const scheduleExpression = properties.ScheduleExpression;
  if (pattern === undefined && scheduleExpression === undefined) {
    throw new AwsError(
      'ValidationException',
      400,
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
  }
  if (scheduleExpression !== undefined && busName !== 'default') {
    throw new AwsError('ValidationException', 400, 'ScheduleExpression is supported only on the default event bus.');
  }
  return {
    name,
    arn: `arn:aws:events:${where.region}:${where.accountId}:rule/${path}`,
    busName,
    isEnabled: properties.State !== 'DISABLED',
    pattern:
      pattern === undefined ? undefined : compilePattern(typeof pattern === 'string' ? JSON.parse(pattern) : pattern),
    scheduleExpression: scheduleExpression === undefined ? undefined : String(scheduleExpression),
    targets: list(properties.Targets).map(readTarget),
  };
}

function readTarget(target: Properties): Target {
  assertKnown(target, 'Id Arn RoleArn Input InputPath InputTransformer RetryPolicy DeadLetterConfig');
  const deadLetter = target.DeadLetterConfig as { Arn?: string } | undefined; // a template's plain data
  return {
    id: String(target.Id),
    arn: String(target.Arn),
    roleArn: target.RoleArn === undefined ? undefined : String(target.RoleArn),
    input: readInput(target),
    retry: readRetryPolicy(target.RetryPolicy),
    deadLetterQueueArn: deadLetter?.Arn,
  };
}

/** EventBridge's and the scheduler's retry policy; both default to 185 attempts within a day. */
export function readRetryPolicy(policy: unknown): RetryPolicy {
  const { MaximumRetryAttempts = 185, MaximumEventAgeInSeconds = 86_400 } = (policy ?? {}) as {
    MaximumRetryAttempts?: number | string;
    MaximumEventAgeInSeconds?: number | string;
  }; // a template's plain data
  return {
    maximumRetryAttempts: Number(MaximumRetryAttempts),
    maximumEventAgeMs: Number(MaximumEventAgeInSeconds) * 1000,
  };
}

function readInput(target: Properties): TargetInput {
  const { Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1) {
    throw new AwsError(
      'ValidationException',
      400,
      'Only one of Input, InputPath, or InputTransformer must be provided.',
    );
  }
  if (Input !== undefined) return { kind: 'constant', text: String(Input) };
  if (InputPath !== undefined) return { kind: 'path', path: String(InputPath) };
  if (InputTransformer === undefined) return { kind: 'event' };
  const transformer = InputTransformer as { InputPathsMap?: Record<string, string>; InputTemplate: string }; // a template's plain data
  return { kind: 'transformer', paths: transformer.InputPathsMap ?? {}, template: transformer.InputTemplate };
}

function assertKnown(properties: Properties, known: string): void {
  const unknownName = Object.keys(properties).find((name) => !known.split(' ').includes(name));
  if (unknownName) throw new Error(`${unknownName} of a rule or target is not served here`);
}

function list(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value : [];
}

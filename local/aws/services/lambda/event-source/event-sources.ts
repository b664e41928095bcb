import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { AwsError, type OperationHandler } from '../../../service.ts';
import type { Sqs } from '../../sqs/sqs.ts';
import { parseReference } from '../function-registry.ts';
import { requireAccess } from './access.ts';
import { type EventSourceMapping, readMapping } from './mapping.ts';
import { type PollerOptions, startPoller } from './poller.ts';

/** The account's event source mappings. */
export type EventSources = {
  readonly operations: Readonly<Record<string, OperationHandler>>;
  /** Resolves when no batch runs; one that waits for the clock doesn't count. */
  idle(): Promise<void>;
  isIdle(): boolean;
  close(): void;
};

/** Adds `AWS::Lambda::EventSourceMapping` and what describes it to the world. */
export function createEventSources(
  options: Omit<PollerOptions, 'track'> & { readonly queues: Pick<Sqs, 'queue'> },
): EventSources {
  const { world, registry } = options;
  const mappings = new Map<string, EventSourceMapping>();
  const closings: (() => void)[] = [];
  const running = new Set<Promise<void>>();
  const track = (work: Promise<void>): Promise<void> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };

  world.addCreator('AWS::Lambda::EventSourceMapping', (resource) => {
    const { mapping, target } = readMapping(resource, options);
    const { queue } = mapping;
    const { name } = target.configuration;
    const twin = [...mappings.values()].find(
      (each) => each.queue === queue && registry.resolve(each.functionReference).referenceArn === target.referenceArn,
    );
    if (twin !== undefined) {
      const message = `An event source mapping with SQS arn (" ${queue.arn} ") and function (" ${name} ") already exists. Please update or delete the existing mapping with UUID ${twin.id}`;
      throw new AwsError('ResourceConflictException', 409, message, { Type: 'User' });
    }
    requireAccess(world, queue, target.configuration);
    mappings.set(mapping.id, mapping);
    if (mapping.isEnabled) closings.push(startPoller(mapping, { ...options, track }));
    return { ref: mapping.id, attributes: { Id: mapping.id, EventSourceMappingArn: mapping.arn } };
  });

  const describe = (mapping: EventSourceMapping): EventSourceMappingConfiguration => ({
    UUID: mapping.id,
    EventSourceMappingArn: mapping.arn,
    EventSourceArn: mapping.queue.arn,
    FunctionArn: registry.resolve(mapping.functionReference).referenceArn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
    State: mapping.isEnabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(mapping.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
    }),
  });

  return {
    operations: {
      GetEventSourceMapping: {
        authorize: ({ UUID }: { UUID: string }) => [
          { action: 'lambda:GetEventSourceMapping', resource: mappings.get(UUID)?.arn ?? '*' },
        ],
        run: ({ UUID }: { UUID: string }) => {
          const mapping = mappings.get(UUID);
          if (mapping !== undefined) return describe(mapping);
          throw new AwsError('ResourceNotFoundException', 404, 'The resource you requested does not exist.');
        },
      },
      ListEventSourceMappings: {
        authorize: () => [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
        run: ({ FunctionName, EventSourceArn }: { FunctionName?: string; EventSourceArn?: string }) => ({
          EventSourceMappings: [...mappings.values()]
            .filter(
              ({ queue, functionReference }) =>
                (EventSourceArn === undefined || queue.arn === EventSourceArn) &&
                (FunctionName === undefined ||
                  parseReference(functionReference).name === parseReference(FunctionName).name),
            )
            .map(describe),
        }),
      },
    },
    isIdle: () => running.size === 0,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    close: () => {
      for (const closePoller of closings.splice(0)) closePoller();
    },
  };
}

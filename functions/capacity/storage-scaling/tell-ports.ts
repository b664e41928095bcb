import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import type { BundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { ConfigError } from '../../../shared/core/errors.ts';
import { runbookPageOf } from '../../../shared/core/runbook.ts';
import type { CallScope } from '../../../shared/run/call-scope.ts';
import { publishEvents } from '../../../shared/telling/events-bus.ts';
import { notify } from '../../../shared/telling/notify.ts';
import type { Announcement } from './core/model.ts';

const environmentSchema = z.object({
  MSKEEPER_BUCKET: z.string().min(1),
  MSKEEPER_BUS_NAME: z.string().min(1),
  MSKEEPER_KAFKA_READ_FUNCTION: z.string().min(1),
  MSKEEPER_TOPIC_CRITICAL: z.string().min(1),
  MSKEEPER_TOPIC_WARNING: z.string().min(1),
});
type Environment = z.infer<typeof environmentSchema>;

/** @throws ConfigError that lists every variable that is missing */
export function readEnvironment(): Environment {
  const parsed = environmentSchema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(z.prettifyError(parsed.error));
}

const variableByTopic = {
  critical: 'MSKEEPER_TOPIC_CRITICAL',
  warning: 'MSKEEPER_TOPIC_WARNING',
} as const satisfies Record<Announcement['topic'], keyof Environment>;

const procedure = 'storage-scaling';

/** One topic and one bus for what a run announces. Each call is one message; both may be sent twice after a crash. */
export function openTelling(outside: {
  readonly sns: SNSClient;
  readonly eventBridge: EventBridgeClient;
  readonly calls: CallScope;
  readonly runId: string;
  readonly environment: Environment;
  readonly configuration: BundledConfiguration;
}) {
  const { sns, eventBridge, calls, runId, environment } = outside;
  const { configuration, clusterKey, cluster } = outside.configuration;
  return {
    notify: async ({ topic, severity, headline, findings }: Announcement, atMs: number): Promise<void> => {
      await notify(sns, calls, environment[variableByTopic[topic]], {
        severity,
        headline,
        findings,
        cluster: clusterKey,
        procedure,
        runId,
        atMs,
        runbook: runbookPageOf(procedure),
        contacts: configuration.contacts.map(({ role }) => role),
      });
    },
    publish: ({ headline, severity, findings, event }: Announcement, atMs: number): Promise<void> => {
      const frame = { version: 1, cluster: clusterKey, procedure, runId, atMs };
      const details =
        event.detailType === 'mskeeper plan'
          ? [{ ...frame, plan: { message: headline, severity, ...event.facts } }]
          : findings.map((finding) => ({ ...frame, finding }));
      return publishEvents(
        eventBridge,
        calls,
        environment.MSKEEPER_BUS_NAME,
        details.map((detail) => ({ detailType: event.detailType, detail, resources: [cluster.arn] })),
      );
    },
  };
}

import * as z from 'zod';
import { openAudit } from '../../../shared/acting/audit.ts';
import { auditKey } from '../../../shared/acting/core/keys.ts';
import { type Store, writeJson } from '../../../shared/aws/store.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { mostForMinutes } from '../../../shared/core/incident-command.ts';
import { atMs } from '../../../shared/text/plain-schemas.ts';

const procedure = 'incident';

/** What the audit keeps of a command: without `end` it was under way when its run was cut off, and may have taken effect. */
const commandRecord = z.strictObject({
  version: z.literal(1),
  cluster: z.string().min(1),
  procedure: z.literal(procedure),
  commandId: z.string().min(1),
  command: z.enum(['ack', 'silence', 'escalate', 'resolve', 'test']),
  incidentId: z.string().exactOptional(),
  forMinutes: z.int().min(1).max(mostForMinutes).exactOptional(),
  /** The ARN that STS gave. */
  by: z.string().min(1),
  askedAtMs: atMs,
  execution: z.string().min(1),
  end: z
    .strictObject({ atMs, outcome: z.enum(['done', 'refused', 'failed']), message: z.string() })
    .readonly()
    .exactOptional(),
});
export type CommandRecord = Readonly<z.infer<typeof commandRecord>>;

/** Where commands are kept, each once. */
export type CommandAudit = {
  /**
   * Counts the command, and keeps its record.
   *
   * @returns undefined where it counted before: nothing is kept
   * @throws DependencyError where that could not be written
   */
  readonly begin: (record: CommandRecord) => Promise<{ readonly etag: string } | undefined>;
  /** Writes how it ended over what `begin` kept. @throws DependencyError */
  readonly end: (record: CommandRecord, etag: string) => Promise<void>;
};

/**
 * The commands to incident in the bucket, by the keys and for as long as all of the audit is kept. That an id counts once is
 * said here and not in incident's own document, which is made anew where it cannot be read: a claim is never written over.
 *
 * @param store its prefixes must hold `audit/<cluster>/incident/`
 */
export function openCommandAudit(store: Store, cluster: string): CommandAudit {
  const causeOf = ({ commandId }: CommandRecord): string => `command-${commandId}`;
  const keyOf = (record: CommandRecord): string => auditKey(cluster, procedure, record.askedAtMs, causeOf(record));
  return {
    begin: async (record) => {
      const claim = { procedure, cause: causeOf(record), plannedAtMs: record.askedAtMs };
      try {
        await openAudit(store, cluster).applyClaim(claim);
      } catch (error) {
        if (error instanceof DependencyError && error.failure === 'conflict') return undefined;
        throw error;
      }
      return writeJson(store, keyOf(record), record, 'absent', commandRecord);
    },
    end: async (record, etag) => {
      await writeJson(store, keyOf(record), record, { etag }, commandRecord);
    },
  };
}

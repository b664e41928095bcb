import type { Stored, WriteCondition } from '../../../shared/aws/store.ts';
import type { Tried } from '../../../shared/core/delivery.ts';
import type { OpenFindings } from '../../../shared/core/open-findings.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import type { Page } from '../../../shared/telling/core/page.ts';
import type { ChannelFound } from './core/channels/found.ts';
import type { IncidentDocument } from './core/document.ts';
import type { PagerWord } from './core/ladder.ts';
import type { Message } from './core/outbox.ts';
import type { AlarmsSaid } from './core/said.ts';

/** Where an endpoint's thread of an incident began, for a message that joins it. */
export type Thread = { readonly reference?: string };

/** Everything outside of a run. Every `fetch` and `apply` throws DependencyError. */
export type Ports = {
  readonly run: Pick<RunContext, 'runId' | 'addMetric'>;
  readonly nowMs: () => number;
  readonly remainingMs: () => number;
  readonly fetchDocument: () => Promise<Stored<IncidentDocument> | undefined>;
  /** `always`: over one that cannot be read, which is kept for people. */
  readonly applyDocument: (document: IncidentDocument, condition: WriteCondition) => Promise<{ readonly etag: string }>;
  /** How every alarm stands whose beginning and end incident hears. */
  readonly fetchAlarms: () => Promise<AlarmsSaid>;
  /** What cluster-health's looks left open; undefined where it never looked. */
  readonly fetchOpenFindings: () => Promise<OpenFindings | undefined>;
  /** Tells the outside watcher, where there is one. */
  readonly sendHeartbeat: () => Promise<void>;
  /** How each endpoint stands that anything reaches; what was not answered is in it, and nothing is thrown. */
  readonly fetchChannels: () => Promise<readonly ChannelFound[]>;
  /** What a pager says of a key just now; undefined where this endpoint cannot be asked, or knows of none. */
  readonly fetchPagerWord: (endpoint: string, key: string) => Promise<PagerWord | undefined>;
  readonly send: (message: Message, page: Page, thread: Thread) => Promise<Tried>;
  /** Lets an endpoint have its time between two messages. */
  readonly pause: (ms: number) => Promise<void>;
  /** What comes within a time; undefined where it does not: what comes later is nobody's. Throws what the work throws. */
  readonly inTime: <Value>(work: Promise<Value>, ms: number) => Promise<{ readonly value: Value } | undefined>;
  /** Says that people were told of what somebody is about to do. */
  readonly keepReceipt: (key: string, atMs: number) => Promise<void>;
  /** The log's line has it: what went wrong beside the work. */
  readonly reportProblem: (message: string) => void;
  readonly problems: () => readonly string[];
};

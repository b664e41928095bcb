import type { S3Client } from '@aws-sdk/client-s3';
import { fetchRequests } from '../../../cli/approve/requests.ts';
import { scaleStorage } from '../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError, InvalidEventError } from '../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../shared/core/units.ts';
import {
  type ApprovalDocument,
  approvalDocument,
  approvalKey,
  encodeApproval,
} from '../../../shared/durable/approval.ts';
import { digestOfRequest, documentOf } from '../../../shared/durable/approval-digest.ts';
import { type EpisodeDocument, episodeDocument, episodeInput, startEpisode } from '../../../shared/durable/episode.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { answering } from '../aws/odd-items.ts';
import { approvalRequest } from '../durable/request.ts';
import { openStorageWorld } from '../storage-scaling/world.ts';
import { type Kind, nowMs, type Reading } from './forgeries.ts';

const never = Number.POSITIVE_INFINITY;
const opened = {
  version: 1,
  episode: 7,
  openedAtMs: nowMs - 25 * hourMs,
  openedBy: 'alarm disk',
  configuration: 'reviewed-1',
  quiet: { sinceMs: nowMs - hourMs, names: ['notify refuse auto-scaled'] },
};

/**
 * An intake whose document this is, and Lambda that has forgotten the run: it was more than a day ago. The wake `used` comes
 * again, then somebody wakes anew every half hour, and each run is over by then.
 */
async function readEpisode(document: unknown): Promise<Reading> {
  let kept: EpisodeDocument = episodeDocument.parse(document);
  let timeMs = nowMs;
  const started: { readonly name: string; readonly isProven: boolean }[] = [];
  const wake = async (wakeId: string): Promise<void> => {
    try {
      await startEpisode(
        'orders',
        'storage-scaling',
        { openedBy: wakeId, isProven: true, wakeId },
        {
          configuration: 'reviewed-1',
          nowMs: () => timeMs,
          fetchEpisode: async () => ({ value: kept, etag: 'e' }),
          applyEpisode: async (next) => {
            kept = next;
          },
          fetchRunStatus: async (name) => (started.some((one) => one.name === name) ? 'ended' : 'unknown'),
          fetchNewestRun: async () => undefined,
          applyStart: async (name, payload) => {
            const { openedBy, isOpenerProven } = episodeInput.parse(JSON.parse(payload));
            started.push({ name, isProven: isOpenerProven === true && openedBy === wakeId });
            return 'accepted';
          },
        },
      );
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
    }
  };
  await wake('used');
  const isReplayed = started.some(({ isProven }) => isProven);
  let runMs = started.length > 0 ? 0 : never;
  let provenMs = never;
  for (let laterMs = 0; laterMs <= 4 * hourMs; laterMs += hourMs / 2) {
    timeMs = nowMs + laterMs;
    const before = started.length;
    await wake(`wake ${laterMs}`);
    if (started.length > before) runMs = Math.min(runMs, laterMs);
    if (started.slice(before).some(({ isProven }) => isProven)) provenMs = Math.min(provenMs, laterMs);
  }
  const isForgottenRunAgain = started.some(({ name }) => name.endsWith('-7'));
  return { hasActed: isReplayed || isForgottenRunAgain, waitsMs: { 'a run': runMs, 'a proven wake': provenMs } };
}

/** The run of an episode while nobody can say how full the disks are. */
async function readInput(document: unknown): Promise<Reading> {
  const storage = openStorageWorld();
  storage.world.failing.set('fetchDisks', new DependencyError('cloudwatch:GetMetricData', 'denied', 'denied'));
  const { cluster: _cluster, ...opened } = episodeInput.parse(document);
  // Whoever forges what a run is started with forges the document that vouches for it.
  storage.world.opened = opened;
  await scaleStorage(episodeInput.parse(document), storage.run.durable, storage.ports);
  const [first] = storage.world.told;
  return {
    hasActed: storage.world.updates.length > 0,
    waitsMs: {
      'the first word to people': first === undefined ? never : first.atMs - nowMs,
      'the end': storage.run.nowMs() - nowMs,
    },
  };
}

const asked = documentOf({ ...approvalRequest(), requestedAtMs: nowMs - minuteMs, timeoutMs: hourMs }, 'callback-1');

/** The list that a person looks at; whoever wrote another time has worked out the digest anew, too. */
async function readApproval(document: unknown): Promise<Reading> {
  const forged: ApprovalDocument = approvalDocument.parse(document);
  const bytes = Buffer.from(JSON.stringify(encodeApproval({ ...forged, digest: digestOfRequest(forged) })));
  const client = answering<S3Client>({
    Contents: [{ Key: approvalKey(forged.cluster, forged.id) }],
    Body: { transformToByteArray: async () => bytes },
    ETag: '"1"',
  });
  const calls = openCallScope(new AbortController().signal);
  const { requests, damaged } = await fetchRequests({ client, calls, bucket: 'b', cluster: forged.cluster }, nowMs);
  const endsInMs = Math.max(0, ...requests.map(({ expiresAtMs }) => expiresAtMs - nowMs));
  return {
    hasActed: false,
    waitsMs: { 'a line of the list': requests.length + damaged.length > 0 ? 0 : never, 'its end': endsInMs },
  };
}

export const episodeKinds: readonly Kind[] = [
  {
    what: 'the newest episode',
    schemaName: 'episodeDocument',
    sounds: [
      { ...opened, wakes: [{ id: 'used', atMs: nowMs - 10 * minuteMs }] },
      { ...opened, wakes: [{ id: 'used', atMs: nowMs - 10 * minuteMs }], wakesLostAtMs: nowMs - 10 * minuteMs },
    ],
    read: readEpisode,
    longestMs: { 'a run': 0, 'a proven wake': hourMs },
  },
  {
    what: 'what a run is started with',
    schemaName: 'episodeInput',
    sounds: [
      {
        version: 1,
        cluster: 'orders',
        episode: 7,
        openedAtMs: nowMs,
        openedBy: 'alarm disk',
        // A day ago people heard of it; what was heard is said again.
        quiet: { sinceMs: nowMs - dayMs, names: ['notify hold unknown', 'event hold unknown'] },
      },
    ],
    read: readInput,
    longestMs: { 'the first word to people': 5 * minuteMs, 'the end': 6 * dayMs + hourMs },
  },
  {
    what: 'a request for approval',
    schemaName: 'approvalDocument',
    sounds: [encodeApproval(asked)],
    read: readApproval,
    longestMs: { 'a line of the list': 0, 'its end': 7 * dayMs },
  },
];

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { claimDocument } from '../../../functions/health/cluster-health/claim-document.ts';
import { stateDocument } from '../../../functions/health/cluster-health/memory-document.ts';
import { incidentDocument } from '../../../functions/health/incident/document-schema.ts';
import { actClaimDocument, actRecordDocument } from '../../../shared/acting/audit.ts';
import { budgetDocument } from '../../../shared/acting/budget-store.ts';
import { openFindingsDocument } from '../../../shared/aws/open-findings-document.ts';
import { reportDocument } from '../../../shared/aws/report-document.ts';
import { approvalDocument } from '../../../shared/durable/approval.ts';
import { episodeDocument, episodeInput } from '../../../shared/durable/episode.ts';
import { receiptDocument } from '../../../shared/telling/receipt.ts';
import { atMs } from '../../../shared/text/plain-schemas.ts';
import { root } from '../../support/documents.ts';
import { actingKinds } from '../../support/stored-times/acting-kinds.ts';
import { episodeKinds } from '../../support/stored-times/episode-kinds.ts';
import { type Forgery, forgeries, type Kind } from '../../support/stored-times/forgeries.ts';
import { healthKinds } from '../../support/stored-times/health-kinds.ts';
import { incidentKinds } from '../../support/stored-times/incident-kinds.ts';
import { forge, showPath, timesOf } from '../../support/stored-times/schema-times.ts';

/** Every schema by which a stored document, or what a run is started with, is read. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  actClaimDocument,
  actRecordDocument,
  approvalDocument,
  budgetDocument,
  claimDocument,
  episodeDocument,
  episodeInput,
  incidentDocument,
  openFindingsDocument,
  receiptDocument,
  reportDocument,
  stateDocument,
};
const kinds: readonly Kind[] = [...actingKinds, ...episodeKinds, ...healthKinds, ...incidentKinds];
const schemaOf = ({ schemaName }: Kind): z.ZodType => schemas[schemaName] ?? z.never();

/**
 * What no reader can tell from a sound document: an old place in the budget or an old wake counts no more, and is dropped. Who
 * may write there could remove it as well; docs/security.md says who may.
 */
const unseen: readonly string[] = [
  'the budget of acts: reservations.*.atMs a year ago',
  'the budget of acts: reservations.*.atMs in 1970',
  'the budget of acts: heldFromMs a year ago',
  'the budget of acts: heldFromMs in 1970',
  'the newest episode: wakes.*.atMs a year ago',
  'the newest episode: wakes.*.atMs in 1970',
];

const sources = globSync('{shared,functions,cli,infra}/**/*.ts', { cwd: root }).map((file) =>
  readFileSync(join(root, file), 'utf8'),
);

test('every schema by which a document is read or a run started is here, and every time in it is an atMs', () => {
  const readBy = sources.flatMap((text) =>
    [...text.matchAll(/\b(?:readJson|keepJson)\((?:[^()]|\([^()]*\))*?,\s*(\w+)\s*\)|\bschema: (episode\w+)/g)].map(
      ([, first, second]) => first ?? second,
    ),
  );
  const named = new Set(readBy.filter((name) => name !== 'schema'));
  expect([...named].toSorted()).toEqual(Object.keys(schemas).toSorted());
  expect(Object.values(schemas).flatMap((schema) => timesOf(schema).strangers.map(showPath))).toEqual([]);
});

test('every schema that holds a time has its kind of document, which holds each of its times', () => {
  const withTimes = Object.entries(schemas).filter(([, schema]) => timesOf(schema).times.length > 0);
  expect(withTimes.map(([name]) => name).toSorted()).toEqual(kinds.map(({ schemaName }) => schemaName).toSorted());
  for (const kind of kinds) {
    for (const sound of kind.sounds) expect(schemaOf(kind).safeParse(sound).error).toBeUndefined();
    const missing = timesOf(schemaOf(kind)).times.filter((path) =>
      kind.sounds.every((sound) => forge(sound, path, 0) === undefined),
    );
    expect([kind.what, missing.map(showPath)]).toEqual([kind.what, []]);
  }
});

test('a time in any corner of a schema is found, and so is one of another schema', () => {
  const inner = z.strictObject({ atMs: atMs.exactOptional(), sinceMs: z.number(), name: z.string() });
  const odd = z
    .object({
      pairs: z.array(z.tuple([z.string(), atMs])).readonly(),
      either: z.union([inner, z.null()]),
      by: z.record(z.string(), atMs),
    })
    .transform((value) => value);
  const { times, strangers } = timesOf(odd);
  expect(times.map(showPath)).toEqual(['pairs.*.1', 'either.atMs', 'by.*']);
  expect(strangers.map(showPath)).toEqual(['either.sinceMs']);
  expect(
    forge(
      {
        pairs: [
          ['a', 1],
          ['b', 2],
        ],
      },
      ['pairs', '*', 1],
      9,
    ),
  ).toEqual({
    pairs: [
      ['a', 9],
      ['b', 9],
    ],
  });
  expect(forge({ pairs: [] }, ['pairs', '*', 1], 9)).toBeUndefined();
});

const expectBounded = async (kind: Kind, documents: readonly unknown[], name: string) => {
  let hasActed = false;
  for (const document of documents) {
    const reading = await kind.read(document);
    hasActed ||= reading.hasActed;
    expect(Object.keys(reading.waitsMs)).toEqual(Object.keys(kind.longestMs));
    for (const [who, waitMs] of Object.entries(reading.waitsMs)) {
      expect(waitMs, `${name}: how long ${who} waits`).toBeLessThanOrEqual(kind.longestMs[who] ?? 0);
    }
  }
  expect([name, hasActed]).toEqual([name, unseen.includes(name)]);
};

describe.each(kinds)('$what', (kind) => {
  test('as it should be lets nothing happen just now, and keeps nobody waiting', async () => {
    await expectBounded(kind, kind.sounds, kind.what);
  });

  const paths = timesOf(schemaOf(kind)).times;
  test.each(paths.map((path) => [showPath(path), path] as const))(
    'whose %s is any other time lets nothing happen because of it, and keeps nobody for longer than its rule says',
    async (shown, path) => {
      for (const forgery of Object.keys(forgeries) as Forgery[]) {
        const forged = kind.sounds.flatMap((sound) => forge(sound, path, forgeries[forgery]) ?? []);
        await expectBounded(kind, forged, `${kind.what}: ${shown} ${forgery}`);
      }
    },
  );
});

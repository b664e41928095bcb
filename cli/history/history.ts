import { S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../../infra/command-line.ts';
import { findNearest } from '../../infra/configuration/suggestion.ts';
import { functionDefinitions, modeKeysOf } from '../../infra/functions.ts';
import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { fetchBucketName } from '../bucket.ts';
import { type Command, parseCommandArgs } from '../command.ts';
import { openTarget } from '../target.ts';
import { fetchHistory } from './records.ts';
import { renderHistory, wordOf } from './render.ts';
import { parseSince } from './since.ts';

const actingProcedures = modeKeysOf(functionDefinitions);

const help = shown`Shows what mskeeper did to a cluster, and what it would have done in mode plan, newest first.

  npm run mskeeper -- history [<cluster>]

  --since <time>       36h, 30d or 2026-11-01 (UTC); 30d where not given
  --procedure <name>   one of ${actingProcedures.join(', ')}
  --limit <count>      of the newest records; 50 where not given
  --bucket <name>      instead of the bucket that the deployed functions write to
  --file <path>        another mskeeper.yml
  --json               {"cluster", "since", "records": [a record as it is kept, with its "word"], "damaged", "hasMore"}
  --help

acted: the API accepted the call. adopted: an earlier try's call did it. would act: mode plan. under way, cut off: no end is
kept (yet). held: stopped just before the call. Anything else says why it ended without an act.
Needs lambda:GetFunctionConfiguration (not with --bucket), s3:ListBucket and s3:GetObject on audit/.
Exit status: 0, 1 where a record is damaged, 2 where it could not be done.
`;

const options = {
  since: { type: 'string', default: '30d' },
  procedure: { type: 'string' },
  limit: { type: 'string', default: '50' },
  bucket: { type: 'string' },
} as const;

const proceduresOf = (named: string | undefined): readonly string[] => {
  if (named === undefined) return actingProcedures;
  if (actingProcedures.some((one) => one === named)) return [named];
  const nearest = findNearest(named, [...actingProcedures]);
  const hint = nearest === undefined ? `there are ${actingProcedures.join(', ')}` : `did you mean ${nearest}?`;
  throw new UsageError(`no procedure that acts is called ${JSON.stringify(named)}; ${hint}`);
};

const limitOf = (text: string): number => {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError(`--limit ${JSON.stringify(text)} is no count from 1 to 99999`);
};

/** `history`: exit status 1 where a record is damaged. */
export const history: Command = async (args, out) => {
  const { values, positionals } = parseCommandArgs(args, options, 1);
  if (values.help) {
    out.write(help);
    return 0;
  }
  const nowMs = Date.now();
  const sinceMs = parseSince(values.since, nowMs);
  const wanted = { procedures: proceduresOf(values.procedure), sinceMs, nowMs, mostRecords: limitOf(values.limit) };
  const target = openTarget(values.file, positionals[0]);
  const cluster = target.context.clusterKey;
  const bucket = await fetchBucketName(target, values.bucket);
  const found = await fetchHistory({ client: target.clientOf(S3Client), calls: target.calls, bucket, cluster }, wanted);
  if (values.json) {
    const records = found.records.map((record) => ({ word: wordOf(record, nowMs), ...record }));
    const told = { cluster, since: new Date(sinceMs).toISOString(), ...found, records };
    out.write(joined([shownJson(told, 2), shown`\n`]));
  } else out.write(renderHistory(found, { nowMs, sinceMs, hasColors: out.hasColors, columns: out.columns }));
  return found.damaged.length === 0 ? 0 : 1;
};

/**
 * Looks once at the brokers named as arguments, packs the view as kafka/read does, prints the measurement as JSON. With
 * `--one-witness` first, the others' Metadata cost nothing: the first one's is given back for them.
 */
import { lookAtCluster } from '../../shared/kafka/look/look.ts';
import { encodeClusterView } from '../../shared/kafka/view/payload.ts';
import type { LookMeasurement } from './measure-look.ts';
import { openWithOneWitness } from './one-witness.ts';

const [first, ...rest] = process.argv.slice(2);
const isOneWitness = first === '--one-witness';
const servers = isOneWitness || first === undefined ? rest : [first, ...rest];
const options = isOneWitness ? { open: openWithOneWitness() } : {};
const rssBeforeBytes = process.memoryUsage().rss;
const startedMs = performance.now();
const view = await lookAtCluster(
  {
    groups: true,
    commits: true,
    ends: 'both',
    logDirectories: true,
    topicSettings: ['min.insync.replicas'],
    expectedBrokerIds: [],
  },
  { bootstrapServers: servers, authentication: { kind: 'plaintext' }, deadlineAtMs: Date.now() + 60_000, ...options },
);
const lookMs = performance.now() - startedMs;
const payload = encodeClusterView(view);
const packMs = performance.now() - startedMs - lookMs;
const rssPeakBytes = process.resourceUsage().maxRSS * 1024;
const measured: LookMeasurement = {
  lookMs,
  packMs,
  rssGrowthBytes: rssPeakBytes - rssBeforeBytes,
  rssPeakBytes,
  requestCountByApi: { ...view.requestCountByApi },
  requestCountByBroker: Object.fromEntries(view.brokers.map(({ id, requestCount }) => [`broker ${id}`, requestCount])),
  packedBytes: payload.body.length,
  payload,
};
process.stdout.write(JSON.stringify(measured));

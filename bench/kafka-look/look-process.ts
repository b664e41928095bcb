/** Looks once at the brokers named as arguments, packs the view as kafka/read does, prints the measurement as JSON. */
import { lookAtCluster } from '../../shared/kafka/look/look.ts';
import { encodeClusterView } from '../../shared/kafka/view/payload.ts';
import type { LookMeasurement } from './measure-look.ts';

const servers = process.argv.slice(2);
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
  { bootstrapServers: servers, authentication: { kind: 'plaintext' }, deadlineAtMs: Date.now() + 60_000 },
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

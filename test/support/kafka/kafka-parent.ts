import { startKafka } from '../../../local/kafka/start-kafka.ts';

// For orphans.test.ts: the parent that is going to die.
const kafka = await startKafka({ brokerCount: 2 });
await kafka.brokers[1]?.freeze();
process.stdout.write(JSON.stringify({ pids: kafka.brokers.map(({ pid }) => pid), dataDirectory: kafka.dataDirectory }));
setInterval(() => undefined, 1_000);

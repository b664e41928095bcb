/**
 * A consumer in a process of its own, since one that never stops would hold the whole test: `node consumer-parent.ts
 * <server,…> <group> <topic>`. Says `reading`, stops at the first line of standard input, says `stopped`, and then ends by
 * itself unless something of the consumer lives on.
 */
import process from 'node:process';
import { startConsumer } from '../../../local/traffic/consumer.ts';

const [servers = '', groupId = '', topic = ''] = process.argv.slice(2);
const consumer = await startConsumer({ client: { brokers: servers.split(',') }, groupId, topics: [topic] });
process.stdout.write('reading\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const startedMs = performance.now();
await consumer.stop();
process.stdin.destroy();
process.stdout.write(`stopped ${Math.round(performance.now() - startedMs)}\n`);

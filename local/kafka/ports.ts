import { createServer } from 'node:net';
import { LocalKafkaError } from './errors.ts';

// Below the ranges from which Linux (32768–60999) and macOS (49152–65535) take the near end of outgoing connections:
// a port that is given back while its broker is dead must still be free when the broker comes again.
const lowestPort = 15_000;
const highestPort = 32_000;
const attemptsPerPort = 200;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/** `count` different loopback ports on which nothing listens. Nothing reserves them: whoever binds late may lose. */
export const fetchFreePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>();
  for (let attempt = 0; ports.size < count; attempt += 1) {
    if (attempt > count * attemptsPerPort)
      throw new LocalKafkaError(`found only ${ports.size} of ${count} free ports in ${lowestPort}–${highestPort}`);
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
};

import type { ClusterView, ViewProblem } from '../../core/cluster-view.ts';
import type { AddressLinks, Reply } from './address-link.ts';
import { type BrokerAddress, keyOf, parseBrokerAddress } from './options.ts';
import type { Hearing } from './witnesses.ts';

const unanswered: Reply<never> = { isAnswered: false, problem: { kind: 'timed-out', message: 'no answer in time' } };

/** Everything that a server's answer, or its silence, has against it. */
const problemOfServer = async (
  address: BrokerAddress,
  links: AddressLinks,
  { testimonies, clusterIds }: Hearing,
): Promise<ViewProblem | undefined> => {
  const testimony = testimonies.find((each) => keyOf(each.address) === keyOf(address));
  if (testimony === undefined) {
    // What has not come by now is not waited for.
    const reply = await Promise.race([links.at(address).introduction(), Promise.resolve(unanswered)]);
    return reply.isAnswered ? undefined : reply.problem;
  }
  if (testimony.brokers.length === 0) {
    return {
      kind: 'bad-answer',
      message: 'described a cluster without brokers: it is starting, or is no broker of one',
    };
  }
  if (clusterIds.length === 1 && testimony.clusterId === clusterIds[0]) return undefined;
  const others = clusterIds.filter((id) => id !== testimony.clusterId).map((id) => id ?? 'one without an id');
  const message = `leads to the cluster ${testimony.clusterId ?? 'without an id'}, other servers to ${others.join(', ')}`;
  if (clusterIds.length === 1) return { kind: 'bad-answer', message };
  // Both answer well: that is no silence, which would be an emergency.
  return {
    kind: 'unsupported',
    message: `${message}, and nobody knows which is ours: correct the list, or its DNS names`,
  };
};

/**
 * What was wrong with bootstrap servers: of `what` metadata where nobody described the cluster, so that they are the reason.
 * To be asked once the look is over, when those that answer late have answered.
 */
export const problemsOfServers = async (
  servers: readonly string[],
  links: AddressLinks,
  hearing: Hearing,
  what: 'bootstrap' | 'metadata',
): Promise<ClusterView['problems']> => {
  if (servers.length === 0)
    return [{ what, problem: { kind: 'unreachable', message: 'no bootstrap server was given' } }];
  const each = await Promise.all(
    servers.map(async (server): Promise<ClusterView['problems']> => {
      const address = parseBrokerAddress(server);
      if (address === undefined) {
        return [{ what, problem: { kind: 'unreachable', message: `bootstrap server ${server} is no host:port` } }];
      }
      const problem = await problemOfServer(address, links, hearing);
      if (problem === undefined) return [];
      return [{ what, problem: { ...problem, message: `bootstrap server ${server}: ${problem.message}` } }];
    }),
  );
  return each.flat();
};

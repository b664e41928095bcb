import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalBroker } from '../../../local/kafka/broker.ts';
import type { LocalKafka } from '../../../local/kafka/start-kafka.ts';
import type { ClusterView } from '../../../shared/core/cluster-view.ts';

/** One broker that is going to begin anew. */
type Beginner = {
  readonly victim: LocalBroker;
  /** All bootstrap servers, the victim's first. */
  readonly ordersWithItFirst: readonly [readonly string[], readonly string[]];
  /** Its own alone, and behind another. */
  readonly otherOrders: readonly (readonly string[])[];
};

/** @throws where the cluster has not three brokers, or none of that id */
export const beginnerOf = (kafka: LocalKafka, id: number): Beginner => {
  const victim = kafka.brokers.find((broker) => broker.id === id);
  const [other, third] = kafka.brokers.filter((broker) => broker.id !== id);
  if (victim === undefined || other === undefined || third === undefined) throw new Error(`no broker ${id} of three`);
  const serverOf = ({ host, portByListener }: LocalBroker) => `${host}:${portByListener.plaintext}`;
  const [own, second, last] = [serverOf(victim), serverOf(other), serverOf(third)];
  return {
    victim,
    ordersWithItFirst: [
      [own, second, last],
      [own, last, second],
    ],
    otherOrders: [[own], [second, own, last]],
  };
};

/** Whether somebody listens there: nothing is asked, since a broker's first answer takes as long as the moment lasts. */
const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Refused: not yet, or no more.
    socket.once('error', () => resolve(false));
  });

/** Most restarts are met in time, on a busy machine every other one: so many in vain mean that there is no such moment any more. */
export const mostRestarts = 20;

/** A look from one order of servers, that met the broker as it began. */
type MeetingLook = { readonly servers: readonly string[]; readonly view: ClusterView };

/**
 * Restarts the broker (or starts it, where it is dead) and looks without a pause from when it opens its port until it is ready,
 * from each order of servers at the same time.
 *
 * @param hasMet whether a look met what is waited for: a moment that not every restart shows
 * @param onMeeting called at once for each that did
 */
export const beginUnderLooks = async (
  { victim }: Beginner,
  orders: readonly (readonly string[])[],
  lookFrom: (servers: readonly string[]) => Promise<ClusterView>,
  hasMet: (view: ClusterView) => boolean,
  onMeeting: (look: MeetingLook) => void,
): Promise<void> => {
  let isReady = false;
  const restarting = victim.restart().finally(() => {
    isReady = true;
  });
  const port = victim.portByListener.plaintext;
  // It goes down first, where it runs.
  for (const isWaitedFor of [false, true]) while (!isReady && (await isOpen(port)) !== isWaitedFor) await delay(2);
  const look = async (servers: readonly string[]): Promise<void> => {
    while (!isReady) {
      const view = await lookFrom(servers);
      if (hasMet(view)) onMeeting({ servers, view });
      await delay(5);
    }
  };
  await Promise.all([restarting, ...orders.map(look)]);
};

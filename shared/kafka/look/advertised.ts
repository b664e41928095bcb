import type { ViewProblem } from '../../core/cluster-view.ts';
import { addressFault, maximumHostCharacters } from '../wire/address.ts';
import type { BrokerAddress } from './options.ts';
import type { ListedBroker } from './testimony.ts';

/** Text of an address that may hold anything. */
const written = ({ host, port }: BrokerAddress): string =>
  `${JSON.stringify(host.slice(0, maximumHostCharacters))}, port ${port}`;

/**
 * Why a listed broker is not connected to; undefined where it is. An address that cannot be is a wrong answer; one that
 * is refused, or is one of several, says nothing of the broker.
 *
 * @param refusalOf why credentials must not go to an address
 */
export const problemOfListing = (
  broker: ListedBroker,
  refusalOf: (address: BrokerAddress) => string | undefined,
): ViewProblem | undefined => {
  const { id, isListedAt } = broker;
  if (isListedAt !== undefined) {
    const message = `Metadata lists broker ${id} at several addresses (${isListedAt.join(', ')}): none of them was asked`;
    return { kind: 'unsupported', message };
  }
  if (addressFault(broker.host, broker.port) !== undefined) {
    const message = `broker ${id} advertises an address that cannot be (${written(broker)}): correct its advertised.listeners`;
    return { kind: 'bad-answer', message };
  }
  const refusal = refusalOf(broker);
  return refusal === undefined ? undefined : { kind: 'unsupported', message: refusal };
};

/** What is said of a broker whose address another one has, too. */
export const problemOfSharing = ({ id, host, port }: ListedBroker, askedId: number): ViewProblem => ({
  kind: 'unsupported',
  message:
    `broker ${id} advertises ${host}:${port} as broker ${askedId} does: one of them answers there, and nobody knows which. ` +
    'Give each broker an address of its own (advertised.listeners)',
});

import type { BrokerView, ClusterView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import type { HealthObservation } from './observation.ts';

/** Nobody spoke, or spoke rubbish. A failed handshake with all of them may as well be our trust or our secret. */
export const isSilence = ({ kind }: ViewProblem): boolean =>
  kind === 'unreachable' || kind === 'timed-out' || kind === 'bad-answer';

/** Some broker described the cluster: an answer that names no broker is one of a broker that does not know it yet. */
export const isDescribed = ({ problems, brokers }: ClusterView): boolean =>
  brokers.length > 0 && problems.every(({ what }) => what !== 'metadata');

/** It answered us, and not with a problem. */
export const isHeard = (broker: BrokerView): boolean => broker.problem === undefined && broker.answerMs !== undefined;

/** Of several at one address one was asked, and nobody knows which was reached. */
export const isShared = ({ sharesAddressWith = [] }: BrokerView): boolean => sharesAddressWith.length > 0;

/** Heard, and surely it. */
export const isHeardItself = (broker: BrokerView): boolean => isHeard(broker) && !isShared(broker);

/** It did not answer, or answered rubbish: its clients fare no better. */
export function isSilent({ problem, answerMs }: BrokerView): boolean {
  if (problem === undefined) return answerMs === undefined;
  switch (problem.kind) {
    case 'unreachable':
    case 'timed-out':
    case 'tls-failed':
    case 'bad-answer':
      return true;
    case 'authentication-failed':
    case 'denied':
    case 'too-large':
    case 'unsupported':
    case 'kafka-error':
      return false;
    default:
      return problem.kind satisfies never;
  }
}

type Looks = Pick<HealthObservation, 'secondView' | 'thirdView'>;

const laterLooks = ({ secondView, thirdView }: Looks) =>
  [secondView, thirdView].filter((look) => look !== undefined).filter((look) => look.isKnown || look.isAsked);

/** It proves something: it could be done, and was not refused as a whole. */
const provenLooks = (looks: Looks): readonly ClusterView[] =>
  laterLooks(looks)
    .flatMap((look) => (look.isKnown ? [look.value] : []))
    .filter(({ problems }) => problems.every(({ what, problem }) => what !== 'metadata' || isSilence(problem)));

/** Later looks that some broker described the cluster in, in their order. */
export const describingLooks = (looks: Looks): readonly ClusterView[] =>
  laterLooks(looks).flatMap((look) => (look.isKnown && isDescribed(look.value) ? [look.value] : []));

/** Others were asked for, and none proves anything. */
export const isOnlyLook = (looks: Looks): boolean => laterLooks(looks).length > 0 && provenLooks(looks).length === 0;

/** How many looks there are that prove something, the first one counted. */
export const countLooks = (looks: Looks): number => 1 + provenLooks(looks).length;

/** A broker as a later look heard it; else as the last one saw it. */
export function findInLaterLooks(id: number, looks: Looks): BrokerView | undefined {
  const views = laterLooks(looks).flatMap((look) => (look.isKnown ? look.value.brokers : []));
  const ofBroker = views.filter((broker) => broker.id === id);
  return ofBroker.find(isHeard) ?? ofBroker.at(-1);
}

/** Why the last of the later looks proves nothing, as it stands in a sentence. */
export function whyUnproven(looks: Looks): string {
  const last = laterLooks(looks).at(-1);
  return last === undefined || last.isKnown || !last.isAsked ? 'it was refused' : `${last.call}: ${last.failure}`;
}

import { fitGsm, isGsm, partSeptets, septetsOf, toGsm } from './gsm.ts';
import type { Said } from './said.ts';

/** So much of a title tells what it is about: what else is said gives way to it. */
const titleSeptets = 40;
/** Incidents are numbered. */
const incidentSeptets = 24;

/**
 * A page in one part of a text message, in the telephone's own letters: how bad, where, what, and then, as far as there is
 * room, which incident and by which step of the ladder (so that a second message of the same is known as one), until when
 * somebody must have answered, and since when it is so.
 *
 * @param displayName of the topic: SNS writes it before the text, in capitals, with `> ` between (SNS Developer Guide,
 *   "Publishing SMS messages to an Amazon SNS topic")
 */
export function planTextMessage(said: Said, displayName: string): string {
  const room = partSeptets - prefixSeptets(displayName);
  const head = toGsm(`${said.label} ${said.cluster}: `);
  const title = toGsm(said.title);
  const least = Math.min(septetsOf(title), titleSeptets);
  let tail = '';
  for (const piece of piecesOf(said)) {
    const longer = `${tail}, ${toGsm(piece)}`;
    if (septetsOf(head) + least + septetsOf(longer) <= room) tail = longer;
  }
  const short = fitGsm(title, room - septetsOf(head) - septetsOf(tail));
  // A cluster's key has 24 letters; where somebody gave it more, one part is what matters.
  return fitGsm(`${head}${short}${tail}`, room);
}

/** SNS takes no longer name. */
const displayNameSeptets = 100;
const prefixSeptets = (displayName: string): number => septetsOf(`${fitGsm(toGsm(displayName), displayNameSeptets)}> `);

/** Most important first: each is left out where it does not fit. */
const piecesOf = ({ kind, incident, rung, answerBy, since }: Said): readonly string[] => [
  ...(kind === 'notice' ? [] : [`incident ${fitGsm(toGsm(incident), incidentSeptets)}`]),
  ...(rung === undefined ? [] : [`rung ${rung.afterMinutes} min`]),
  ...(answerBy === undefined ? [] : [`answer by ${answerBy.clock} UTC`]),
  `since ${since.clock} UTC`,
];

/** Why a telephone would get it in pieces, for whoever is about to send it. */
export const findTextMessageProblem = (text: string): string | undefined => {
  if (!isGsm(text)) return 'the text message has letters that make its parts shorter';
  const septets = septetsOf(text);
  return septets <= partSeptets ? undefined : `the text message has ${septets} septets of ${partSeptets}`;
};

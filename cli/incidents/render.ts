import type { ListedMessage } from '../../functions/health/incident/core/listed-message.ts';
import type { ListedIncident, Listing } from '../../functions/health/incident/core/listing.ts';
import { joined, type Shown, shown } from '../../infra/terminal/shown.ts';
import { columns, indented, type Look, onOneLine } from '../../infra/terminal/table.ts';
import { utcOf } from '../utc.ts';

const priorities = { emergency: 'P0', critical: 'P1', warning: 'P2' } as const;
const colors = { emergency: 'red', critical: 'red', warning: 'yellow' } as const;

/** What became of a message, for people: SNS alone never says whether a message arrived. */
export const wordOf = ({ outcome, provesArrival }: Pick<ListedMessage, 'outcome' | 'provesArrival'>): string => {
  switch (outcome) {
    case 'delivered':
      return provesArrival ? 'delivered' : 'SNS took it; whether it arrived only its reader knows';
    case 'failed':
      return 'not delivered yet, tried again';
    case 'unknown':
      return 'sent, and nobody knows whether it arrived';
    case 'waiting':
      return 'not sent yet';
    case 'dropped':
      return 'not sent: there was nothing left to say';
    case 'refused':
      return 'refused';
    default:
      return outcome satisfies never;
  }
};

const standsAs = ({ openedAtMs, quietSinceMs, acknowledgement, resolution, pager }: ListedIncident): string => {
  if (quietSinceMs !== undefined) return 'quiet';
  if (openedAtMs === undefined) return 'not told yet';
  if (resolution !== undefined) return 'called over';
  if (acknowledgement !== undefined) return acknowledgement.isSilence === true ? 'silenced' : 'acknowledged';
  const isUnanswered = pager === undefined || pager.status === 'triggered' || pager.isByNobody === true;
  return isUnanswered ? 'open' : `${pager.status} in the pager`;
};

const pagerSays = ({ status, by, isByNobody }: NonNullable<ListedIncident['pager']>): string =>
  isByNobody === true
    ? 'the pager ended it by itself, and nobody answered'
    : `the pager says ${status}${by === undefined ? '' : ` by ${by}`}`;

const whomOf = ({ raisesTo, levels, endpoints }: NonNullable<ListedIncident['nextRung']>): string => {
  const whom = [...(raisesTo === undefined ? [] : [priorities[raisesTo]]), ...levels].join(', ');
  const by = endpoints.join(', ');
  return [whom, by === '' ? '' : `by ${by}`].filter((part) => part !== '').join(' ') || 'nobody who can be reached';
};

/** What stands beneath an incident's row: who answered, what happens next, what was told. */
const detailsOf = (incident: ListedIncident, mostMessages: number): readonly string[] => {
  const { openedAtMs, answerByMs, quietSinceMs, liveCount, acknowledgement, resolution } = incident;
  const { pager, dealing, nextRung, messages } = incident;
  const times = [
    `since ${utcOf(incident.startedAtMs)}`,
    openedAtMs === undefined ? 'nobody was told yet' : `people told at ${utcOf(openedAtMs)}`,
    ...(answerByMs === undefined ? [] : [`answer by ${utcOf(answerByMs)}`]),
    quietSinceMs === undefined ? `${liveCount} symptoms` : `no symptom since ${utcOf(quietSinceMs)}`,
  ].join(', ');
  const verb = acknowledgement?.isSilence === true ? 'silenced' : 'acknowledged';
  return [
    times,
    ...(acknowledgement === undefined
      ? []
      : [`${verb} by ${acknowledgement.by} until ${utcOf(acknowledgement.untilMs)}`]),
    ...(resolution === undefined ? [] : [`called over by ${resolution.by} at ${utcOf(resolution.atMs)}`]),
    ...(pager === undefined ? [] : [pagerSays(pager)]),
    ...(dealing === undefined ? [] : [`${dealing.what}, until ${utcOf(dealing.untilMs)} at most`]),
    ...(nextRung === undefined
      ? []
      : [
          `next at ${utcOf(nextRung.atMs)}${nextRung.isHeldBack ? ', held back as it stands' : ''}: ${whomOf(nextRung)}`,
        ]),
    ...messages.slice(0, mostMessages).map(messageLine),
  ];
};

const messageLine = (message: ListedMessage): string => {
  const { atMs, kind, endpoints, tries, why } = message;
  const tried = tries > 1 ? `, ${tries} tries` : '';
  return `${utcOf(atMs)} ${kind} to ${endpoints.join(', ')}: ${wordOf(message)}${tried}${why === undefined ? '' : ` (${why})`}`;
};

const rowsOf = (incidents: readonly ListedIncident[], look: Look, mostMessages: number): readonly Shown[] => {
  const rows = columns(
    incidents.map((one) => [
      one.id,
      { text: priorities[one.severity], color: colors[one.severity] },
      standsAs(one),
      onOneLine(one.title),
    ]),
    look,
  );
  return rows.flatMap((row, index) => {
    const incident = incidents[index];
    const details = incident === undefined ? [] : detailsOf(incident, mostMessages);
    return [row, ...details.map((detail) => indented(shown`    `, onOneLine(detail), look))];
  });
};

/** One incident with everything that is known of it. */
export const renderIncident = (incident: ListedIncident, look: Look): Shown =>
  joined(rowsOf([incident], look, incident.messages.length), '\n');

/** The open ones, worst first, with their newest messages; then those that ended. */
export const renderListing = ({ open, ended }: Listing, look: Look): Shown => {
  const over = columns(
    ended.map(({ id, title, endedAtMs }) => [id, 'ended', utcOf(endedAtMs), onOneLine(title)]),
    look,
  );
  const blank = open.length > 0 && ended.length > 0 ? [shown``] : [];
  const total = shown`${open.length} open, ${ended.length} ended within a day`;
  const gap = open.length + ended.length > 0 ? [shown``] : [];
  return joined([...rowsOf(open, look, 3), ...blank, ...over, ...gap, total, shown``], '\n');
};

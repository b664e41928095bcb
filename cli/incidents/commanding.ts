import { UsageError } from '../../infra/command-line.ts';
import { joined, type Shown, shown, shownJson } from '../../infra/terminal/shown.ts';
import { foldSpace, indented, type Look } from '../../infra/terminal/table.ts';
import type { CommandWords } from '../../shared/core/incident-command.ts';
import { type Command, type Output, parseCommandArgs } from '../command.ts';
import { openTarget } from '../target.ts';
import { type Answered, commandIncident } from './ask-incident.ts';
import { parseForMinutes } from './for-minutes.ts';
import { renderIncident } from './render.ts';

type AboutOne = Extract<CommandWords, { readonly incidentId: string }>['command'];

const statusOf = { done: 0, tested: 0, listed: 0, refused: 1, unseen: 3 } as const;

const helpOf = (command: AboutOne, what: Shown): Shown => {
  const holds = command === 'ack' || command === 'silence';
  const form = holds ? shown` [--for 30m]` : shown``;
  const option = holds
    ? shown`  --for <time>      how long: 45m, 2h; half an hour where not given, at most 12h\n`
    : shown``;
  return joined([
    what,
    shown`

  npm run mskeeper -- ${command} <cluster> <id>`,
    form,
    shown`

`,
    option,
    shown`  --file <path>     another mskeeper.yml
  --json            {"cluster", "outcome": done, refused or unseen, "by"?, "says"?, "incident"?, "because"?, "why"?}
  --help

Run it with your own credentials, those of a user or role in approverPrincipals: it takes the role
mskeeper-<cluster>-approver-<region> by itself, and signs with yours. Who you are is what STS says; the session's name must be a
person's, none of a tool's (the profile's role_session_name). The command counts once, and is in the audit.
Exit status: 0 done, 1 refused, 2 it could not be done, 3 sent, and whether it was done was not seen.
`,
  ]);
};

const render = (answered: Answered, cluster: string, look: Look): Shown => {
  switch (answered.outcome) {
    case 'done': {
      const said = indented(shown``, foldSpace(answered.says), look);
      return answered.incident === undefined ? said : joined([said, renderIncident(answered.incident, look)], '\n\n');
    }
    case 'refused':
      return indented(shown`refused: `, foldSpace(answered.why), look);
    case 'unseen': {
      const see = `See what is so before you do it again: npm run mskeeper -- incidents ${cluster}`;
      return indented(shown`sent, and not seen: `, foldSpace(`${answered.why}. ${see}`), look);
    }
    case 'tested':
    case 'listed':
      return shown`an answer to something else: ${answered.outcome}`;
    default:
      return answered satisfies never;
  }
};

/** One command about one incident. @param what its first sentences of the help */
const commanding =
  (command: AboutOne, what: Shown): Command =>
  async (args, out: Output) => {
    const { values, positionals } = parseCommandArgs(args, { for: { type: 'string' } }, 2);
    if (values.help) {
      out.write(helpOf(command, what));
      return 0;
    }
    const [clusterKey, incidentId] = positionals;
    if (clusterKey === undefined || incidentId === undefined) {
      throw new UsageError(`name the incident: ${command} <cluster> <id>; npm run mskeeper -- incidents shows them`);
    }
    if (!/^[1-9]\d{0,8}$/.test(incidentId)) {
      throw new UsageError(`${JSON.stringify(incidentId)} is no incident: its id is a number, as incidents shows it`);
    }
    const words = wordsOf(command, incidentId, values.for);
    const target = openTarget(values.file, clusterKey);
    const answered = await commandIncident(target, words);
    const cluster = target.context.clusterKey;
    out.write(
      joined([values.json ? shownJson({ cluster, ...answered }, 2) : render(answered, cluster, out), shown`\n`]),
    );
    return statusOf[answered.outcome];
  };

const wordsOf = (command: AboutOne, incidentId: string, time: string | undefined): CommandWords => {
  if (command === 'ack' || command === 'silence') {
    return { command, incidentId, ...(time !== undefined && { forMinutes: parseForMinutes(time) }) };
  }
  if (time !== undefined) throw new UsageError(`${command} holds for no time: leave --for out`);
  return { command, incidentId };
};

/** `ack`: somebody deals with it. */
export const ack = commanding(
  'ack',
  shown`Says that you deal with an incident: nobody else is paged of it until the time is over, unless it gets worse. Its clock goes
on, and so do its updates: when the time is over the ladder goes on where it would be by then.`,
);

/** `silence`: somebody wants to hear nothing. */
export const silence = commanding(
  'silence',
  shown`Says that nobody is to hear of an incident until the time is over, unless it gets worse: as ack, and without updates.`,
);

/** `escalate`: somebody needs help. */
export const escalate = commanding(
  'escalate',
  shown`Asks for more help: the next step of the incident's ladder goes out now. An acknowledgement or a word that it is over is
taken back.`,
);

/** `resolve`: somebody calls it over. */
export const resolve = commanding(
  'resolve',
  shown`Says that an incident is over. Where its symptoms go on it stays in the list, pages nobody unless it gets worse, and its end
is told when a look proves it.`,
);

import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { type Command, parseCommandArgs } from '../command.ts';
import { openTarget } from '../target.ts';
import { listIncidents } from './ask-incident.ts';
import { renderListing } from './render.ts';

const help = shown`Shows what is wrong with a cluster as people were told it: open incidents, worst first, and those that ended within a day.

  npm run mskeeper -- incidents [<cluster>]

  --file <path>     another mskeeper.yml
  --json            {"cluster", "atMs", "open": [{"id", "title", "severity", "startedAtMs", "openedAtMs"?, "answerByMs"?,
                    "acknowledgement"?, "resolution"?, "pager"?, "dealing"?, "nextRung"?, "messages"}], "ended"}
  --help

Asks incident's function, which looks at what it knows and changes nothing. It needs lambda:InvokeFunction on its
alias commands; who may not and is in approverPrincipals takes the approvers' role. What to do with one: ack, silence, escalate, resolve.
Exit status: 0 nothing is open, 1 something is, 2 nobody could say.
`;

/** `incidents`: exit status 1 where something is open. */
export const incidents: Command = async (args, out) => {
  const { values, positionals } = parseCommandArgs(args, {}, 1);
  if (values.help) {
    out.write(help);
    return 0;
  }
  const target = openTarget(values.file, positionals[0]);
  const answer = await listIncidents(target);
  if (answer.outcome !== 'listed') {
    throw new DependencyError('lambda:Invoke incident', 'bad-answer', `bad answer: ${answer.outcome} to a question`);
  }
  const { listing } = answer;
  out.write(
    values.json
      ? joined([shownJson({ cluster: target.context.clusterKey, ...listing }, 2), shown`\n`])
      : renderListing(listing, out),
  );
  return listing.open.length === 0 ? 0 : 1;
};

import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { onOneLine } from '../../infra/terminal/table.ts';
import { type Command, parseCommandArgs } from '../command.ts';
import { openTarget } from '../target.ts';
import { examine } from './examine.ts';
import { worstStatus } from './finding.ts';
import { examinePage } from './page.ts';
import { exitStatusOf, renderFindings } from './report.ts';

const help = shown`Looks whether a cluster's mskeeper can work, before and after a deploy. Changes nothing: it describes, lists and
simulates, and asks kafka-read to look at the brokers. Only with --page people hear of it.

  npm run mskeeper -- doctor [<cluster>]

  --deployer     asks also after a deploy whether these credentials may deploy the next one
  --page         also sends one test message on every channel, as bad as that channel is told at worst: telephones ring. It
                 asks incident, under your own name: with the credentials of a user or role in approverPrincipals
  --file <path>  another mskeeper.yml
  --json         {"cluster", "worst", "findings": [{check, subject, status, message, advice?}]}
  --help

Status of a finding: ok; skipped, which was not asked; warning; unknown, which was asked and not answered; failed.
Exit status: 0 nothing failed and nothing is unknown, 1 something is, 2 the doctor could not begin.
`;

const options = {
  deployer: { type: 'boolean', default: false },
  page: { type: 'boolean', default: false },
} as const;

/** `doctor`: exit status 1 where something failed or has no answer. */
export const doctor: Command = async (args, out) => {
  const { values, positionals } = parseCommandArgs(args, options, 1);
  if (values.help) {
    out.write(help);
    return 0;
  }
  const target = openTarget(values.file, positionals[0]);
  const examined = await examine(target, { shouldAskDeployer: values.deployer });
  const findings = [...examined, ...(values.page ? await examinePage(target) : [])];
  const told = findings.map((finding) => ({
    ...finding,
    message: onOneLine(finding.message),
    ...(finding.advice !== undefined && { advice: onOneLine(finding.advice) }),
  }));
  const { clusterKey } = target.context;
  out.write(
    values.json
      ? joined([shownJson({ cluster: clusterKey, worst: worstStatus(findings), findings: told }, 2), shown`\n`])
      : renderFindings(findings, out.hasColors, out.columns),
  );
  return exitStatusOf(findings);
};

import { UsageError } from '../../infra/command-line.ts';
import { joined, shown, shownJson } from '../../infra/terminal/shown.ts';
import { onOneLine } from '../../infra/terminal/table.ts';
import { type Command, parseCommandArgs } from '../command.ts';
import { openTarget } from '../target.ts';
import { assumptionsOf } from './assumptions.ts';
import { fetchEvidence } from './gather.ts';
import { unlistedMetrics } from './metric-assumptions.ts';
import { type Judged, renderJudged } from './report.ts';

const help = shown`Holds what mskeeper assumes of AWS against a real account: metric names and dimensions, states, histories, forms of
answers. Only reading calls (docs/conformance.md lists them); nothing is changed and no function is invoked.

  npm run mskeeper -- conformance [<cluster>]

  --file <path>  another mskeeper.yml
  --json         {"cluster", "assumptions": [{id, claim, source, reliesOn, checkedBy, verdict, evidence}], "unlistedMetrics"}
  --help

Verdicts: proved, refuted, not-seen, which is no proof of either.
Exit status: 0 nothing is refuted, 1 something is, 2 it could not begin.
`;

const told = ({ assumption, outcome }: Judged) => {
  const { judge: _judge, ...described } = assumption;
  return { ...described, verdict: outcome.verdict, evidence: onOneLine(outcome.evidence) };
};

/** `conformance`: exit status 1 where an assumption is refuted. */
export const conformance: Command = async (args, out) => {
  const { values, positionals } = parseCommandArgs(args, {}, 1);
  if (values.help) {
    out.write(help);
    return 0;
  }
  const target = openTarget(values.file, positionals[0]);
  const { context } = target;
  const evidence = await fetchEvidence(target, Date.now());
  if (!evidence.cluster.isKnown && evidence.cluster.failure === 'not-found')
    throw new UsageError(`MSK knows no cluster ${context.cluster.arn}: correct the ARN in ${values.file}`);
  const instanceType = evidence.cluster.isKnown
    ? evidence.cluster.value.Provisioned?.BrokerNodeGroupInfo?.InstanceType
    : undefined;
  const traits = { ...context.cluster, ...(instanceType !== undefined && { instanceType }) };
  const judged = assumptionsOf(traits).map(
    (assumption): Judged => ({ assumption, outcome: assumption.judge(evidence, context) }),
  );
  const unlisted = evidence.metrics.isKnown ? unlistedMetrics(evidence.metrics.value) : [];
  out.write(
    values.json
      ? joined([
          shownJson({ cluster: context.clusterKey, assumptions: judged.map(told), unlistedMetrics: unlisted }, 2),
          shown`\n`,
        ])
      : renderJudged(judged, unlisted, out.hasColors, out.columns),
  );
  return judged.some(({ outcome }) => outcome.verdict === 'refuted') ? 1 : 0;
};

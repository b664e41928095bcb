import { z } from 'zod';
import type { JsonObject } from '../../../shared/deployment/template.ts';
import { say, ToolError } from '../python-tool.ts';
import type { JudgeFinding } from './finding.ts';

const reportSchema = z.array(z.object({ role: z.string(), check: z.string(), detail: z.string() }));

/** Its details are a sentence, a list of actions, or a list of actions with the form that their resource must have. */
const program = `
import json, sys
from parliament import analyze_policy_string
def words(detail):
    if isinstance(detail, list):
        return [one["action"] + " wants " + one["required_format"] if isinstance(one, dict) else str(one) for one in detail]
    return [str(detail)]
json.dump([
    {"role": role, "check": finding.issue, "detail": detail}
    for role, policy in json.load(sys.stdin).items()
    for finding in analyze_policy_string(json.dumps(policy)).findings
    for detail in words(finding.detail)
], sys.stdout)
`;

/**
 * What parliament finds in policies, by the name that each was given.
 *
 * @throws ToolError where it ends badly, or says something else than a report
 */
export const askParliament = (
  python: string,
  policies: Readonly<Record<string, JsonObject>>,
): readonly JudgeFinding[] => {
  if (Object.keys(policies).length === 0) throw new ToolError('there is no policy for parliament to judge');
  const { status, stdout, stderr } = say(python, ['-W', 'ignore', '-c', program], {
    problem: 'parliament',
    input: JSON.stringify(policies),
  });
  if (status !== 0) throw new ToolError(`parliament ended with ${status}:\n${stderr.slice(-2_000)}`);
  return reportSchema
    .parse(JSON.parse(stdout))
    .map(({ role, check, detail }) => ({ judge: 'parliament', check, subject: `${role}: ${detail}` }));
};

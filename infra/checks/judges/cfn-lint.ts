import { z } from 'zod';
import { jsonIn } from '../../../shared/text/json.ts';
import { say, ToolError } from '../python-tool.ts';
import type { JudgeFinding } from './finding.ts';

const reportSchema = z.array(
  z.object({
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])) }),
  }),
);

const program = 'import sys; from cfnlint.runner import main; sys.exit(main())';

/** `ClusterHealthRole: Policies PolicyName`: the resource, and the words of the way into it without places in lists. */
const subjectOf = (path: readonly (string | number)[]): string => {
  const [first = 'template', ...rest] = path[0] === 'Resources' ? path.slice(1) : path;
  const inside = rest.filter((part) => typeof part === 'string' && part !== 'Properties');
  return inside.length === 0 ? String(first) : `${first}: ${inside.join(' ')}`;
};

/**
 * What cfn-lint finds in one template: errors and warnings, none left out. What it only advises it is not asked for.
 *
 * @throws ToolError where it says something else than a report
 */
export const askCfnLint = (python: string, template: string): readonly JudgeFinding[] => {
  const options = ['--non-zero-exit-code', 'none', '--format', 'json', '--template', template];
  const { stdout, stderr } = say(python, ['-c', program, ...options], { problem: 'cfn-lint' });
  const parsed = reportSchema.safeParse(jsonIn(stdout));
  if (!parsed.success)
    throw new ToolError(`cfn-lint gave no report:\n${stdout.slice(0, 2_000)}${stderr.slice(-2_000)}`);
  return parsed.data.map(({ Rule: { Id: check }, Location: { Path } }) => ({
    judge: 'cfn-lint',
    check,
    subject: subjectOf(Path),
  }));
};

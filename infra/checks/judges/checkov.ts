import { z } from 'zod';
import { jsonIn } from '../../../shared/text/json.ts';
import { say, ToolError } from '../python-tool.ts';
import type { JudgeFinding } from './finding.ts';

const reportSchema = z.object({
  results: z.object({
    passed_checks: z.array(z.unknown()).min(1),
    failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string(), file_abs_path: z.string() })),
    parsing_errors: z.array(z.unknown()),
  }),
});

/**
 * What checkov finds in templates, by the file's path. It asks nobody on the network.
 *
 * @throws ToolError where it could not read a template, or said something else than a report
 */
export const askCheckov = (
  python: string,
  templates: readonly string[],
): Readonly<Record<string, readonly JudgeFinding[]>> => {
  const files = templates.flatMap((path) => ['--file', path]);
  const options = ['--framework', 'cloudformation', '--skip-download', '--compact', '--output', 'json'];
  const { stdout, stderr } = say(python, ['-m', 'checkov.main', ...options, ...files], { problem: 'checkov' });
  const parsed = reportSchema.safeParse(jsonIn(stdout));
  if (!parsed.success) throw new ToolError(`checkov gave no report:\n${stdout.slice(0, 2_000)}${stderr.slice(-2_000)}`);
  const { failed_checks: failed, parsing_errors: unread } = parsed.data.results;
  if (unread.length > 0) throw new ToolError(`checkov could not read ${unread.map(String).join(', ')}`);
  return Object.fromEntries(
    templates.map((path) => [
      path,
      failed
        .filter(({ file_abs_path: at }) => at === path)
        .map(({ check_id: check, resource: subject }) => ({ judge: 'checkov', check, subject })),
    ]),
  );
};

import type * as z from 'zod';

/** Every problem of a value as `path: what was expected`, worst nesting first; values themselves are never quoted. */
export function listIssues(issues: readonly z.core.$ZodIssue[], parentPath: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...parentPath, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const [closest] = [...issue.errors].sort((left, right) => left.length - right.length);
      return listIssues(closest ?? [], path);
    }
    return [`${path.length === 0 ? 'event' : path.map(String).join('.')}: ${issue.message}`];
  });
}

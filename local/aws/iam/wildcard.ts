const compiled = new Map<string, RegExp>();

/** IAM's and EventBridge resource globs: `*` is any run of characters, `?` exactly one; everything else is itself. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** Actions compare without regard to case: `S3:putobject` is `s3:PutObject`. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
}

/** An ARN pattern matches part by part: a `*` in one of the first five parts does not reach over a colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [patternParts, arnParts] = [splitArn(pattern), splitArn(arn)];
  return (
    patternParts.length === arnParts.length &&
    patternParts.every((part, index) => matchesWildcard(part, arnParts[index] ?? ''))
  );
}

function splitArn(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

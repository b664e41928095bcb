/** What is judged: the smallest file, one in which everything may act, and one with every setting that narrows a stack. */
export const variants = ['smallest', 'act', 'bank'] as const;
export type Variant = (typeof variants)[number];

type Judge = 'cfn-lint' | 'checkov' | 'parliament';

/**
 * One word of a judge.
 *
 * @property check the judge's own name for it: `CKV_AWS_117`, `UNKNOWN_ACTION`
 * @property subject what it is about: `AWS::SQS::Queue.FailedRunsQueue`; of a role, with the judge's words after it
 */
export type JudgeFinding = { readonly judge: Judge; readonly check: string; readonly subject: string };

/** Findings that were looked at and stand, by exact subject, and in which variants each of them is to be found. */
export type Accepted = {
  readonly judge: Judge;
  readonly check: string;
  readonly of: readonly string[];
  readonly in: readonly Variant[];
  readonly because: string;
};

export type Verdict = {
  /** Found, and in no list. */
  readonly unlisted: readonly JudgeFinding[];
  /** Listed, and found no more. */
  readonly stale: readonly JudgeFinding[];
};

const keyOf = ({ judge, check, subject }: JudgeFinding): string => JSON.stringify([judge, check, subject]);

/** What of one variant's findings is not what the list says: neither more nor less. */
export const compareFindings = (
  variant: Variant,
  found: readonly JudgeFinding[],
  accepted: readonly Accepted[],
): Verdict => {
  const listed = accepted
    .filter((one) => one.in.includes(variant))
    .flatMap(({ judge, check, of }) => of.map((subject): JudgeFinding => ({ judge, check, subject })));
  const [foundKeys, listedKeys] = [new Set(found.map(keyOf)), new Set(listed.map(keyOf))];
  return {
    unlisted: found.filter((one) => !listedKeys.has(keyOf(one))),
    stale: listed.filter((one) => !foundKeys.has(keyOf(one))),
  };
};

/**
 * The checks by which cluster-health's looks judge what its alarms watch, where a check is called otherwise than its rule: the
 * brokers themselves are asked, too.
 */
const checkByRule: Readonly<Record<string, string>> = {
  'brokers-unreachable': 'broker-answers',
  'no-controller': 'controller',
  'under-min-isr': 'below-min-isr',
};

/**
 * The checks of a look that end what an alarm began.
 *
 * @returns none where no procedure looks: then CloudWatch's own OK, asked for, is all the proof that there is
 */
export const checksOfRule = (owner: string, rule: string): readonly string[] =>
  owner === 'cluster-health' ? [Object.hasOwn(checkByRule, rule) ? (checkByRule[rule] ?? rule) : rule] : [];

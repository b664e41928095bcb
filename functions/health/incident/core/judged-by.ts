/**
 * The checks by which cluster-health's looks judge what its alarms watch, where a check is called otherwise than its rule: the
 * brokers themselves are asked, too.
 */
const checkByRule: Readonly<Record<string, string>> = {
  'brokers-unreachable': 'broker-answers',
  'no-controller': 'controller',
  'under-min-isr': 'below-min-isr',
  'not-flowing': 'topic-flow',
};

/** What an alarm alone watches: rates that no look adds up. Throughput has one only where no look judges it. */
const rulesWithoutLook: readonly string[] = ['low-traffic', 'low-bytes', 'high-throughput', 'low-throughput'];

/**
 * The checks of a look that end what an alarm began.
 *
 * @returns none where no look judges it: then CloudWatch's own OK, asked for, is all the proof that there is
 */
export function checksOfRule(owner: string, rule: string): readonly string[] {
  if (owner !== 'cluster-health' || rulesWithoutLook.includes(rule)) return [];
  return [Object.hasOwn(checkByRule, rule) ? (checkByRule[rule] ?? rule) : rule];
}

import type { OwnAlarms } from '../../shared/core/own-alarms.ts';

/** The list of a stack of the cluster key `orders`, as packaging makes it: for each procedure the rules of its alarms. */
export const ownAlarmsOf = (rulesByProcedure: Readonly<Record<string, readonly string[]>>): OwnAlarms => ({
  accountId: '111122223333',
  region: 'eu-west-1',
  prefix: 'mskeeper/orders/',
  alarms: Object.entries(rulesByProcedure).flatMap(([slug, rules]) =>
    rules.map((rule) => ({
      name: `mskeeper/orders/${slug}/${rule}/warning`,
      rule,
      wakes: slug === 'self' ? [] : [slug],
    })),
  ),
});

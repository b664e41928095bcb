import * as z from 'zod';
import { AwsError } from '../../service.ts';
import type { ResourceRequest } from '../../template/resource.ts';
import type { Alarm, CompositeAlarm } from './alarm.ts';
import { AlarmRuleError, alarmsOfRule, parseAlarmRule, type RuleExpression } from './alarm-rule.ts';
import { commonAlarmProperties, readCommonAlarm } from './alarm-template.ts';

/** CloudWatch API Reference, PutCompositeAlarm. Nobody prints the words of the refusals for the last three. */
const ruleCharacters = 10_240;
const mostChildren = 100;
const mostElements = 500;
const mostParents = 150;

/** Without a suppressor of actions: it is not served here. */
const compositeAlarm = z.strictObject({ ...commonAlarmProperties, AlarmRule: z.string() });

/**
 * Reads AWS::CloudWatch::CompositeAlarm as PutCompositeAlarm judges it. Every alarm of the rule must be there already: where a
 * template names them by texts, it has to say the order by DependsOn.
 *
 * @param alarms what the account has
 * @throws ZodError, or AwsError in CloudWatch's own words
 */
export function readCompositeAlarm(resource: ResourceRequest, alarms: readonly Alarm[]): CompositeAlarm {
  const properties = compositeAlarm.parse(resource.properties);
  const { AlarmRule: rule } = properties;
  if (rule.length > ruleCharacters) {
    throw invalid(
      `1 validation error detected: Value at 'alarmRule' failed to satisfy constraint: Member must have length less than or equal to ${ruleCharacters}`,
    );
  }
  if (rule !== rule.trim() || rule === '') {
    throw invalid('AlarmRule must not contain leading or trailing whitespace or be null');
  }
  const expression = parse(rule);
  const children = alarmsOfRule(expression);
  if (children.length > mostChildren) throw invalid(`AlarmRule has more than ${mostChildren} children`);
  if (elementCount(rule) > mostElements) throw invalid(`AlarmRule has more than ${mostElements} elements`);
  const missing = children.filter((name) => !alarms.some((alarm) => alarm.name === name));
  if (missing.length > 0) {
    throw invalid(
      `Could not save the composite alarm as alarms [${missing.join(', ')}] in the alarm rule do not exist`,
    );
  }
  const composites = alarms.flatMap((alarm) => (alarm.kind === 'composite' ? [alarm] : []));
  const parentCountOf = (name: string): number =>
    composites.filter((parent) => alarmsOfRule(parseAlarmRule(parent.rule)).includes(name)).length;
  const crowded = children.find((name) => parentCountOf(name) >= mostParents);
  if (crowded !== undefined) {
    throw new AwsError('LimitExceeded', 400, `${crowded} is in the rules of ${mostParents} composite alarms already`);
  }
  return { kind: 'composite', ...readCommonAlarm(resource, properties), rule };
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', 400, message);

function parse(rule: string): RuleExpression {
  try {
    return parseAlarmRule(rule);
  } catch (error) {
    if (error instanceof AlarmRuleError) throw invalid(`Error in AlarmRule [${error.message}]`);
    throw error;
  }
}

/** Children, each time that they stand there, TRUE, FALSE and parentheses, but those around a child's name. */
function elementCount(rule: string): number {
  const withoutNames = rule.replaceAll(
    /(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"[^"]+"|'[^']+'|[^\s()"']+)\s*\)/g,
    '#',
  );
  return withoutNames.match(/#|TRUE|FALSE|[()]/g)?.length ?? 0;
}

import type { AlarmSeverity } from '../../shared/deployment/alarm.ts';
import { mostCharactersOf } from '../../shared/deployment/limits.ts';
import { alarmNameOf, arnOf, type StackContext } from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { type Json, type JsonObject, type Resource, ref } from '../../shared/deployment/template.ts';

/** An alarm, or a composite, in the rule of another. */
export type Child = {
  readonly logicalId: string;
  readonly name: string;
  /** Of what the rule will call it: in UTF-8, which are never fewer than the characters that CloudWatch counts. */
  readonly bytes: number;
};

/**
 * A composite alarm before it is CloudFormation: true while one of `anyOf` is in ALARM, and `during`, where there is one.
 *
 * @property actions topics that hear when it opens and when it is over, as of `incident-silent`; none of a part of a larger one
 */
export type Composite = {
  readonly logicalId: string;
  readonly name: string;
  readonly anyOf: readonly Child[];
  readonly during?: Child;
  readonly description: string;
  readonly actions: readonly JsonObject[];
};

const mostBytes = mostCharactersOf('AWS::CloudWatch::CompositeAlarm', 'AlarmRule');
/** CloudWatch API Reference, PutCompositeAlarm. */
const mostChildren = 100;

const before = 'ALARM("';
const after = '")';
const between = `${after} OR ${before}`;
/** What stands around the list where there is a `during`. */
const frameOf = (during: Child): number => `() AND ${before}${after}`.length + during.bytes;

const fits = (children: readonly Child[], during: Child | undefined): boolean => {
  const bytes = children.reduce((sum, child) => sum + child.bytes + between.length, 0);
  const count = children.length + (during === undefined ? 0 : 1);
  return count <= mostChildren && bytes + (during === undefined ? 0 : frameOf(during)) <= mostBytes;
};

/** As few groups as come of taking the children in their order, each within a rule's limits. */
const packed = (children: readonly Child[]): readonly (readonly Child[])[] => {
  const groups: Child[][] = [];
  for (const child of children) {
    const last = groups.at(-1);
    if (last !== undefined && fits([...last, child], undefined)) last.push(child);
    else groups.push([child]);
  }
  return groups;
};

/**
 * Where the children are too many for one rule, composites over groups of them, and over those, until the rest fits.
 *
 * @param nameGroup the composite of one group, by its number from 1 on
 * @returns all composites that are needed, children before parents, and what is left for the rule itself
 */
export const groupChildren = (
  children: readonly Child[],
  during: Child,
  nameGroup: (anyOf: readonly Child[], number: number) => Composite & Child,
): { readonly groups: readonly Composite[]; readonly anyOf: readonly Child[] } => {
  const groups: Composite[] = [];
  let anyOf = children;
  while (!fits(anyOf, during)) {
    const level = packed(anyOf).map((group, index) => nameGroup(group, groups.length + index + 1));
    groups.push(...level);
    anyOf = level;
  }
  return { groups, anyOf };
};

const oneOf = (children: readonly Child[]): Json => ({
  'Fn::Join': [between, children.map(({ logicalId }) => ref(logicalId))],
});

/**
 * CloudWatch refuses a rule that names an alarm which is not there yet, so each is a reference, whose alarm CloudFormation makes
 * first (awsdocs/aws-cloudformation-user-guide#911). A metric alarm's is its name; a rule takes names and ARNs alike.
 */
const ruleOf = ({ anyOf, during }: Composite): Json => ({
  'Fn::Join': [
    '',
    during === undefined
      ? [before, oneOf(anyOf), after]
      : [`(${before}`, oneOf(anyOf), `${after}) AND ${before}`, ref(during.logicalId), after],
  ],
});

export const compositeResource = (composite: Composite): Resource => ({
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: {
    AlarmName: composite.name,
    AlarmDescription: composite.description,
    AlarmRule: ruleOf(composite),
    ...(composite.actions.length > 0 && { AlarmActions: composite.actions, OKActions: composite.actions }),
  },
});

/**
 * What a composite on mskeeper itself is called. A rule may call it by its ARN, which is longer than its name: what a reference
 * to one becomes, the documents do not say alike.
 *
 * @param subject what it is about, where there are several
 */
export const compositeIdentity = (
  context: StackContext,
  slug: string,
  severity: AlarmSeverity,
  subject?: string,
): Child => {
  const name = alarmNameOf(context, 'self', [slug, severity], subject);
  return {
    logicalId: logicalIdOf('Composite', slug, severity, ...(subject === undefined ? [] : [subject])),
    name,
    bytes: Buffer.byteLength(arnOf(context, 'cloudwatch', `alarm:${name}`)),
  };
};

/** One resource of a change set, in CloudFormation's words (API Reference, ResourceChange). */
export type PlannedChange = {
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  /** True, False, or Conditional: which only the update itself will tell. */
  readonly replacement?: string | undefined;
  /** What becomes of the resource that goes: Delete, Retain, ReplaceAndDelete, … */
  readonly policyAction?: string | undefined;
};

const isAdded = ({ action }: PlannedChange): boolean => action === 'Add';
/** Whatever is neither added nor changed in place is told by itself, also where CloudFormation has a new word for it. */
const isInPlace = ({ action, replacement = 'False' }: PlannedChange): boolean =>
  action === 'Modify' && replacement === 'False';

const stays = (policyAction: string | undefined): boolean => policyAction?.endsWith('Retain') === true;

const fateOf = ({ action, replacement, policyAction }: PlannedChange): string => {
  if (action === 'Remove') return stays(policyAction) ? 'leaves the stack, and stays' : 'is deleted';
  if (action !== 'Modify') return `${action} (a word that this release does not know)`;
  const old = stays(policyAction) ? 'the old one stays' : 'the old one is deleted';
  return replacement === 'True' ? `is replaced, ${old}` : 'may be replaced: only the update tells';
};

/** What is decided by a line of its own comes first what is lost for good. */
const rank = (change: PlannedChange): number => {
  const fate = fateOf(change);
  return fate.includes('deleted') ? 0 : fate.includes('stays') ? 2 : 1;
};

const counted = (changes: readonly PlannedChange[]): string => {
  const types = Map.groupBy(changes, ({ type }) => type);
  return [...types]
    .map(([type, of]) => `${of.length} ${type.replace(/^AWS::/, '')}`)
    .toSorted()
    .join(', ');
};

/**
 * What a deploy would do to a stack, for a person: a line for each resource that would be deleted or replaced, and counts of
 * what would be made and changed in place.
 */
export const describeChanges = (stackName: string, changes: readonly PlannedChange[]): readonly string[] => {
  if (changes.length === 0) return [`${stackName}: nothing would change.`];
  const told = changes.filter((one) => !isAdded(one) && !isInPlace(one)).toSorted((a, b) => rank(a) - rank(b));
  const added = changes.filter(isAdded);
  const modified = changes.filter(isInPlace);
  return [
    ...(told.length === 0
      ? [`${stackName}: nothing would be deleted or replaced.`]
      : [
          `${stackName}: ${told.length} would be deleted, replaced or let go:`,
          ...told.map((one) => `  ${one.logicalId} (${one.type}) ${fateOf(one)}`),
        ]),
    ...(added.length === 0 ? [] : [`  made: ${counted(added)}`]),
    ...(modified.length === 0 ? [] : [`  changed in place: ${counted(modified)}`]),
  ];
};

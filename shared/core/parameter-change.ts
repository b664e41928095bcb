/**
 * What may be done to a parameter, as Parameter Store's own event calls it (Systems Manager User Guide, "Setting up
 * notifications or trigger actions based on Parameter Store events").
 */
export const parameterOperations = ['Create', 'Update', 'Delete', 'LabelParameterVersion'] as const;
/** Those that change what a parameter says: where a label stands changes nothing. */
export const parameterChanges = ['Create', 'Update', 'Delete'] as const satisfies readonly ParameterOperation[];
export type ParameterOperation = (typeof parameterOperations)[number];

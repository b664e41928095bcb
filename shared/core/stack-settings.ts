/** What CloudWatch takes for days (Logs API Reference, PutRetentionPolicy). */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** What a key of the user's may encrypt. */
export const keyUses = ['logs', 'queues', 'bucket', 'topics', 'environment', 'deployment'] as const;
export type KeyUse = (typeof keyUses)[number];

/** S3's own two: who may bypass it takes `governance` away, nobody at all `compliance`, the account's root neither. */
export const retentionModes = ['governance', 'compliance'] as const;
/** S3 takes a hundred years. */
export const mostRetentionDays = 36_500;

/** CloudFormation takes 50 of a stack; two are ours, and osls adds STAGE. */
export const mostOwnTags = 47;

/** What the rules of an account ask of a cluster's stack. Each may be left out, and is then what AWS and mskeeper do without. */
export type StackSettings = {
  /** ARN of the policy that bounds every role of the stack. */
  readonly permissionsBoundary?: string;
  /** On everything of the stack that AWS lets be tagged, beside mskeeper's own. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly logRetentionDays?: (typeof logRetentionDays)[number];
  /** ARNs of keys in the cluster's Region, whose own policies mskeeper does not make. */
  readonly keys?: { readonly [Use in KeyUse]?: string };
  /** Executions at once by function, taken out of what the account's other functions share, and kept free for this one. */
  readonly reservedConcurrency?: Readonly<Record<string, number>>;
  /** Where S3 writes who asked what of the audit's bucket: into a bucket of the stack's own, or into one that is there. */
  readonly accessLog?: 'own' | { readonly bucket: string };
  readonly terminationProtection?: boolean;
  /** Each version of a record of the audit is kept from deletion for so long; the bucket has no default of it. */
  readonly auditRetention?: { readonly mode: (typeof retentionModes)[number]; readonly days: number };
  /** ARN of the role that may mend what lies in the bucket by hand; absent: nobody may. */
  readonly breakGlassRole?: string;
  /** ARN of the role by which services change the bucket, where the first that somebody asked is not CloudFormation. */
  readonly deploymentRole?: string;
};

/** mskeeper's own word where a file says nothing. */
export const usualLogRetentionDays = 30;

/** How long S3 keeps a version of a record from being deleted, and by which of its two modes. */
export type AuditRetention = { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number };

/** As a function's environment holds it: `GOVERNANCE 365`. */
export const encodeAuditRetention = ({ mode, days }: AuditRetention): string => `${mode} ${days}`;

/** @returns undefined for what `encodeAuditRetention` did not write */
export const parseAuditRetention = (text: string): AuditRetention | undefined => {
  const [, mode, days] = /^(GOVERNANCE|COMPLIANCE) ([1-9]\d{0,4})$/.exec(text) ?? [];
  return mode === 'GOVERNANCE' || mode === 'COMPLIANCE' ? { mode, days: Number(days) } : undefined;
};

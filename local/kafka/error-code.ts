/** True for Node's system errors with this code (`ENOENT`, `EEXIST`, `ESRCH` …). */
export const hasErrorCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

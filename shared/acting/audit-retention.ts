import type { Retention } from '../aws/store.ts';
import { ConfigError } from '../core/errors.ts';
import { dayMs } from '../core/units.ts';
import { parseAuditRetention } from './core/audit-retention.ts';

/**
 * What the stack wants of each version that is written under `audit/` (`stack.auditRetention` of mskeeper.yml).
 *
 * @returns undefined where it wants nothing, and the variable is not there
 * @throws ConfigError for a variable that says something else: a record that is not kept as it must be is none
 */
export function readAuditRetention(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Retention | undefined {
  const text = environment.MSKEEPER_AUDIT_RETENTION;
  if (text === undefined) return undefined;
  const parsed = parseAuditRetention(text);
  if (parsed === undefined)
    throw new ConfigError(
      'MSKEEPER_AUDIT_RETENTION must be a mode and days, as GOVERNANCE 365: deploy the stack again.',
    );
  return { mode: parsed.mode, untilMs: () => Date.now() + parsed.days * dayMs };
}

/**
 * The thresholds and modes that a runbook names, as plain data. One shape serves the four presets (RUNBOOK section 7):
 * what a system does not name is absent, and a rule without its threshold is not evaluated, and says so.
 */

/** What must be true for how long before it counts. Durations are minutes; absent durations mean at once. */
export type Limit = {
  readonly notice?: number;
  readonly warning?: number;
  readonly warningForMinutes?: number;
  readonly critical?: number;
  readonly criticalForMinutes?: number;
  readonly emergency?: number;
};

/** `plan` reports what it would do and keeps it. */
export type Mode = 'off' | 'plan' | 'act';

import type { ActDecision } from '../../../shared/acting/act.ts';
import type { DependencyFailure } from '../../../shared/core/errors.ts';
import type { MaintenanceWindow } from '../../../shared/core/maintenance-window.ts';
import type { Mode } from '../../../shared/core/policy.ts';
import type { Fate } from './turnstile.ts';
import type { ActWorld, Outcome, SwitchValue } from './world.ts';

/** One step of a history: time passes, something happens outside, and one question is let through. */
export type Turn = {
  readonly pick: number;
  readonly fate: Fate;
  readonly failure: DependencyFailure;
  readonly passMs: number;
  readonly outside: 'nothing' | 'starts-a-run' | 'moves-the-state' | 'lands-what-is-late' | 'refuses' | SwitchValue;
};

/** One run of a cause; `replans` makes its plan of the state as it is when it starts, as a run that forgot would. */
export type Start = { readonly cause: string; readonly mode: Mode; readonly skewMs: number; readonly replans: boolean };

export type History = {
  /** Near the end of a night's window, and before midnight or after it. */
  readonly startsAt: '23:50:00' | '00:29:20';
  readonly isLocked: boolean;
  readonly isDisruptive: boolean;
  readonly actsPerHour: number;
  readonly starts: readonly Start[];
  readonly turns: readonly Turn[];
  /** What becomes of the calls, in their order; afterwards they have their turn's fate. */
  readonly callFates: readonly Fate[];
};

/** What is true of every history is collected as sentences where it is broken. */
export type Told = {
  readonly world: ActWorld;
  readonly violations: readonly string[];
  readonly decisions: readonly { readonly cause: string; readonly decision: ActDecision<Outcome> }[];
};

const night: MaintenanceWindow = { name: 'night', impact: 'low', every: 'day', from: '23:30', to: '00:30' };
/** The calendar of every history. */
export const windows = [night];

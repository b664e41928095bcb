import type { Configuration } from '../../shared/core/configuration.ts';
import { findScheduleWarnings } from './check-schedules.ts';
import { findEmptySettings } from './empty-settings.ts';
import type { Mistake } from './mistake.ts';
import { findNobodyMends } from './nobody-mends.ts';
import { findReachWarnings } from './reach-warnings.ts';

/**
 * What is sound and does not do what somebody may rely on: settings that do nothing, schedules that end or stay away for long, acts whose
 * documents nobody may mend, channels and ladders by which nobody hears.
 */
export const findWarnings = (configuration: Configuration, nowMs: number): Mistake[] => [
  ...findEmptySettings(configuration, nowMs),
  ...findNobodyMends(configuration),
  ...findReachWarnings(configuration),
  ...findScheduleWarnings(configuration, nowMs),
];

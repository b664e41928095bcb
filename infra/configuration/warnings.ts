import type { Configuration } from '../../shared/core/configuration.ts';
import { findScheduleWarnings } from './check-schedules.ts';
import { findEmptySettings } from './empty-settings.ts';
import type { Mistake } from './mistake.ts';
import { findNobodyMends } from './nobody-mends.ts';

/**
 * What is sound and does not do what somebody may rely on: settings that do nothing, schedules that end or stay away for long, acts whose
 * documents nobody may mend.
 */
export const findWarnings = (configuration: Configuration, nowMs: number): Mistake[] => [
  ...findEmptySettings(configuration, nowMs),
  ...findNobodyMends(configuration),
  ...findScheduleWarnings(configuration, nowMs),
];

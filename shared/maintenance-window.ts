/** What people may notice while the window is open (M1). */
export const impacts = ['minimal', 'low', 'medium', 'high'] as const;
export type Impact = (typeof impacts)[number];

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof weekdays)[number];

/** When a window opens. Every time is UTC: `HH:MM`, and ISO 8601 with `Z` for a one-off. */
export type Recurrence =
  | { readonly every: 'day'; readonly from: string; readonly to: string }
  | { readonly every: 'week'; readonly on: Weekday; readonly from: string; readonly to: string }
  | {
      readonly every: 'month';
      readonly nth: 1 | 2 | 3 | 4 | 5 | 'last';
      readonly on: Weekday;
      readonly from: string;
      readonly to: string;
    }
  | { readonly every: 'once'; readonly from: string; readonly to: string };

/** A time in which disruption is expected. One whose `to` is not after `from` runs past midnight. */
export type MaintenanceWindow = Recurrence & { readonly name: string; readonly impact: Impact };

/** What its one schedule asks: whether an alarm fires with no run under way. Alarms and people ask for a run itself. */
export const scopes = ['watch'] as const;

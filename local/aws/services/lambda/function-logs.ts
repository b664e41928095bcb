type LogEvent = { readonly atMs: number; readonly stream: string; readonly message: string };

/** What functions wrote, by log group. There is no Logs API: nothing in the product calls it. */
export type FunctionLogs = {
  write(group: string, event: LogEvent): void;
  /** Oldest first; empty for a group that nobody wrote to. */
  read(group: string): readonly LogEvent[];
  groups(): readonly string[];
};

export function createFunctionLogs(): FunctionLogs {
  const eventsByGroup = new Map<string, LogEvent[]>();
  return {
    write(group, event) {
      const events = eventsByGroup.get(group) ?? [];
      eventsByGroup.set(group, events);
      events.push(event);
    },
    read: (group) => eventsByGroup.get(group) ?? [],
    groups: () => [...eventsByGroup.keys()],
  };
}

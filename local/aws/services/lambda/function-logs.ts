import type { AwsWorld } from '../../world.ts';

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

/** A role without logs:PutLogEvents leaves no logs, and so no embedded metrics: as on AWS, silently. */
export function mayWriteLogs(world: AwsWorld, roleArn: string, sessionName: string, logGroup: string): boolean {
  const role = world.identities.role(roleArn);
  if (role === undefined) return false;
  const sessionArn = `arn:aws:sts::${world.accountId}:assumed-role/${role.name}/${sessionName}`;
  try {
    world.authorize(
      { kind: 'role', roleArn: role.arn, sessionArn },
      {
        action: 'logs:PutLogEvents',
        resource: `arn:aws:logs:${world.region}:${world.accountId}:log-group:${logGroup}:log-stream:any`,
      },
    );
    return true;
  } catch {
    return false;
  }
}

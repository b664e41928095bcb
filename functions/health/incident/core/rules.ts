import type { Channels, ClusterConfiguration, Contact } from '../../../../shared/core/configuration.ts';
import { findOpenWindows, type MaintenanceWindow } from '../../../../shared/core/maintenance-window.ts';
import type { Policy } from '../../../../shared/core/policy.ts';
import type { Rules } from './advance.ts';
import { checksOfRule } from './judged-by.ts';
import { reachOf } from './reach.ts';
import type { Work } from './works.ts';

/** What of mskeeper.yml incident goes by. */
export type RuleSettings = {
  readonly clusterKey: string;
  readonly cluster: Pick<ClusterConfiguration, 'arn' | 'region' | 'accountId' | 'brokerCount'>;
  readonly policy: Pick<Policy, 'escalation' | 'responseMinutes'>;
  readonly channels: Channels;
  readonly contacts: readonly Contact[];
  readonly maintenanceWindows: readonly MaintenanceWindow[];
};

/** One-off windows that are open and name what they explain; recurring ones permit acts, and hold nothing (M3). */
const worksOfWindows = (windows: readonly MaintenanceWindow[], nowMs: number): readonly Work[] =>
  findOpenWindows(windows, nowMs).flatMap(({ window, opensAtMs, closesAtMs }): readonly Work[] => {
    if (window.every !== 'once') return [];
    const of = window.cluster === true ? 'cluster' : window.brokers?.map(String);
    if (of === undefined) return [];
    const key = `window|${window.name}`;
    return [{ key, what: `window ${window.name}`, does: 'disturbs', of, sinceMs: opensAtMs, untilMs: closesAtMs }];
  });

/** What holds at a moment. */
export const rulesAt = (settings: RuleSettings, nowMs: number): Rules => ({
  ladders: settings.policy.escalation,
  reach: reachOf(settings.channels, settings.contacts),
  brokerCount: settings.cluster.brokerCount,
  windows: worksOfWindows(settings.maintenanceWindows, nowMs),
  frame: {
    cluster: settings.clusterKey,
    clusterArn: settings.cluster.arn,
    region: settings.cluster.region,
    accountId: settings.cluster.accountId,
    responseMinutes: settings.policy.responseMinutes,
    contacts: settings.contacts,
  },
  checksOfRule,
});

import { ConfigError } from './errors.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';
import type { Mode, Policy } from './policy.ts';
import type { StackSettings } from './stack-settings.ts';

/** The slug of a procedure that may change something, and so has a mode of its own: `storage-scaling`. */
export type ActingProcedure = string;

/** `tls` encrypts without authenticating. A secret holds JSON: scram {username, password}; mtls {certificate, key, ca?, passphrase?}. */
export type Authentication =
  | { readonly kind: 'iam' }
  | { readonly kind: 'scram'; readonly secretId: string }
  | { readonly kind: 'mtls'; readonly secretId: string }
  | { readonly kind: 'tls' }
  | { readonly kind: 'plaintext' };

/** Names with `*` (anything) and `?` (one character); all else is literal. */
type NamePattern = string;

export type ClusterConfiguration = {
  /** MSK's name of the cluster, from the ARN: what CloudWatch's `Cluster Name` dimension says. */
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly accountId: string;
  readonly role: 'primary' | 'backup';
  /** The primary's key; present on a backup only. */
  readonly backupOf?: string;
  /** 0 for Serverless, which has no nodes to count. */
  readonly brokerCount: number;
  /** Ascending and as many as `brokerCount`; removed brokers leave gaps. Empty for Serverless. */
  readonly brokerIds: readonly number[];
  readonly brokerKind: 'standard' | 'express' | 'serverless';
  readonly metadataMode: 'kraft' | 'zookeeper';
  readonly zoneCount?: number;
  readonly monitoringLevel: 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION';
  readonly authentication: Authentication;
  /** `host:port` with commas, instead of what the MSK API says. */
  readonly bootstrap?: string;
  readonly network: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  readonly topics: {
    readonly critical: readonly { readonly name: string; readonly replicationFactor: number }[];
    readonly watch: readonly NamePattern[];
    readonly ignore: readonly NamePattern[];
    readonly deadLetter: readonly NamePattern[];
    readonly flowing: readonly { readonly name: string; readonly minMessagesPerMinute: number }[];
  };
  readonly groups: { readonly watch: readonly NamePattern[]; readonly ignore: readonly NamePattern[] };
  readonly endpoints: readonly {
    readonly name: string;
    readonly url: string;
    readonly kind: 'application' | 'schema-registry';
  }[];
  /** Read by packaging alone, and in no bundle. */
  readonly stack?: StackSettings;
};

/** Where an address, number, key or token is kept: an SSM parameter or a secret, by name. Never the thing itself. */
export type Kept = { readonly parameter: string } | { readonly secret: string };

/** PagerDuty's Events API; `phone` is a service of its own there, which calls by telephone. Kept is JSON (shared/configuration). */
export type PagerEndpoint = { readonly kind: 'pagerduty' | 'phone' } & Kept;
/** A channel that a bot writes into. Kept is JSON with the bot's token. @property channel its id */
export type SlackEndpoint = { readonly kind: 'slack'; readonly channel: string } & Kept;
/** The same through Amazon Q Developer, for who forbids tokens: nobody hears whether it arrived. Ids of Slack's. */
export type AmazonQEndpoint = { readonly kind: 'amazon-q'; readonly workspace: string; readonly channel: string };
/** What SNS delivers by itself, to the address that is kept. */
export type SnsEndpoint = { readonly kind: 'sms' | 'email' | 'https' } & Kept;

export type ChannelEndpoint = PagerEndpoint | SlackEndpoint | AmazonQEndpoint | SnsEndpoint;

/** `operations`: acts, plans, requests for approval and reports that belong to no incident; where empty, they go by severity. */
export const notificationTopics = ['emergency', 'critical', 'warning', 'maintenance', 'operations'] as const;
export type NotificationTopic = (typeof notificationTopics)[number];

/** Severities of the alarms on mskeeper itself, each with a topic of its own that no customer's key can silence. */
export const selfTopics = ['emergency', 'critical', 'warning'] as const;
export type SelfTopic = (typeof selfTopics)[number];

/**
 * Endpoints by name, and the names that each notification topic reaches.
 *
 * @property heartbeat where the https address of a watcher outside of AWS is kept, which misses us when the whole Region is gone
 */
export type Channels = {
  readonly endpoints: Readonly<Record<string, ChannelEndpoint>>;
  readonly byTopic: Readonly<Record<NotificationTopic, readonly string[]>>;
  readonly heartbeat?: { readonly parameter: string };
};

/** Whom a notification names (I10): a role, never a person's address; `channel` is an endpoint's name. */
export type Contact = {
  readonly role: string;
  readonly level: 'on-call' | 'management' | 'executives' | 'vendor';
  readonly channel: string;
};

/** By key, `<procedure>-<scope>`: `rate(…)` or `cron(…)` as EventBridge Scheduler reads it, in the configuration's time zone. */
export type Schedules = Readonly<Record<string, string>>;

/** Whether an act of a procedure waits for a person's yes (infra/stack/approver.ts makes the role that may say it). */
export type ApprovalPolicy = {
  readonly isRequired: boolean;
  readonly timeoutMinutes: number;
  /** How long a yes holds, from when the run got it. */
  readonly validMinutes: number;
  /** False: whoever set the run going may not approve it. */
  readonly mayInitiatorApprove: boolean;
};

/** mskeeper.yml with its preset merged in and everything left out filled in. */
export type Configuration = {
  readonly version: 1;
  readonly timeZone: string;
  readonly policy: Policy;
  /** By cluster key: short, kebab-case, part of every name of its stack. */
  readonly clusters: Readonly<Record<string, ClusterConfiguration>>;
  readonly modes: Readonly<Record<ActingProcedure, Mode>>;
  readonly approvals: Readonly<Record<ActingProcedure, ApprovalPolicy>>;
  /** ARNs of the users and roles who may take the approvers' role; none: there is no such role. */
  readonly approverPrincipals: readonly string[];
  readonly killSwitch: { readonly parameter: string };
  readonly actionBudget: { readonly actsPerHour: number };
  readonly channels: Channels;
  readonly contacts: readonly Contact[];
  readonly maintenanceWindows: readonly MaintenanceWindow[];
  readonly schedules: Schedules;
};

/** What of it every bundle holds: one cluster with its pair, and nothing that only packaging, CloudFormation and who tells people read. */
export type TravellingConfiguration = Omit<Configuration, 'channels'>;

/** The key of the other cluster of a primary and its backup, if there is one: no primary has two backups. */
export const pairKeyOf = ({ clusters }: Pick<Configuration, 'clusters'>, clusterKey: string): string | undefined =>
  Object.keys(clusters).find(
    (key) => key !== clusterKey && (clusters[key]?.backupOf === clusterKey || clusters[clusterKey]?.backupOf === key),
  );

const settingOf = <Setting>(settings: Readonly<Record<string, Setting>>, where: string, key: string): Setting => {
  const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
  if (setting === undefined) throw new ConfigError(`${where}.${key} is missing: package and deploy again`);
  return setting;
};

/** A procedure's mode. @throws ConfigError where the configuration was packaged without it: never a default */
export const modeOf = ({ modes }: Pick<Configuration, 'modes'>, procedure: ActingProcedure): Mode =>
  settingOf(modes, 'modes', procedure);

/** Whether a procedure's acts wait for a person. @throws ConfigError as `modeOf` */
export const approvalPolicyOf = (
  { approvals }: Pick<Configuration, 'approvals'>,
  procedure: ActingProcedure,
): ApprovalPolicy => settingOf(approvals, 'approvals', procedure);

/** What a schedule says. @throws ConfigError as `modeOf` */
export const scheduleOf = ({ schedules }: Pick<Configuration, 'schedules'>, key: string): string =>
  settingOf(schedules, 'schedules', key);

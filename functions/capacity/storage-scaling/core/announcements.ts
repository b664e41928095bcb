import type { Finding, Severity } from '../../../../shared/core/finding.ts';
import type { Evidence } from '../../../../shared/core/plan.ts';
import type { Accepted, Announcement, Denied, Lock, Look, Verification } from './model.ts';
import type { Advice } from './retention-cut.ts';
import { percentOf } from './words.ts';

type Told = { readonly reason: string; readonly message: string; readonly evidence: Evidence };

export const findingOf = (check: string, severity: Severity, { reason, message, evidence }: Told): Finding => ({
  check,
  subject: 'cluster',
  severity,
  reason,
  message,
  sources: ['msk', 'cloudwatch'],
  evidence,
});

/** What nobody knows is a fault beside what keeps the run from acting: its end is not the other's. */
const subjectOf = (plan: Look['plan']): string => {
  if (plan.reason !== 'unknown') return 'cluster';
  return 'unanswered' in plan && plan.unanswered !== undefined ? `call ${plan.unanswered.call}` : 'sources';
};

/**
 * What a plan says that is no act: subscribers of plans hear every one, people the ones that last. What nobody knows is a fault
 * of its own; where MSK has to be waited for the disk is one, and this says what is done about it.
 */
export function announcePlan({ plan, dealing }: Look): Announcement {
  const { action, reason, message, evidence } = plan;
  const severity = action === 'none' ? 'notice' : 'warning';
  return {
    kind: reason === 'unknown' ? 'fault' : 'notice',
    severity,
    headline: action === 'none' ? `over: ${message}` : message,
    findings: [{ ...findingOf('storage-scaling', severity, plan), subject: subjectOf(plan) }],
    plan: { action, reason, ...evidence },
    ...(dealing !== undefined && { dealing }),
  };
}

/** The same for subscribers of plans alone. */
export const announceToSubscribers = (look: Look): Announcement => {
  const { dealing: _none, ...announcement } = announcePlan(look);
  return { ...announcement, kind: 'plan' };
};

/** Something deals with the disk that people were not told of by a word of its own, or does so no longer. */
export const announceDealing = (dealing: Lock | undefined, message: string): Announcement => ({
  kind: 'notice',
  severity: 'notice',
  headline:
    dealing === undefined
      ? `Nothing of mskeeper's deals with the disk any more: ${message}`
      : `${message} (${dealing.what}.)`,
  findings: [],
  dealing: dealing ?? { fault: 'disk', isOver: true },
});

/** Mode `plan`: what would have been done, and how to let it. The bus hears of it by the door's own record. */
export function announceWouldAct({ plan }: Look): Announcement {
  const message = `Would act (mode plan): ${plan.message} To let mskeeper do it, set modes.storage-scaling: act in mskeeper.yml, deploy, and wake storage-scaling by hand; without mskeeper, see the runbook.`;
  return {
    kind: 'notice',
    severity: 'warning',
    headline: message,
    findings: [findingOf('storage-scaling', 'warning', { ...plan, message })],
  };
}

/** The disk fills before help can come: a page, with the retention cut beneath it, in one word for each broker. */
export function announceIncident(finding: Finding, proposal: readonly Advice[]): Announcement {
  const message = proposal.map((advice) => advice.message.replace(/\.$/, '')).join('; ');
  const names = proposal.flatMap(({ topic }) => topic ?? []);
  return {
    kind: 'fault',
    severity: 'critical',
    headline: finding.message,
    findings: [
      finding,
      ...(message === '' ? [] : [{ ...finding, check: 'retention-cut', reason: 'proposed', message }]),
    ],
    ...(names.length > 0 && { names }),
  };
}

/** The end of every run that leaves the disk as it was: an alarm that goes on firing sends no other event. */
export const wakeByHand =
  'While its alarm stays in ALARM another run looks in a day: mend it, then wake storage-scaling by hand as the runbook says.';

/** Something that a person has to look at and that lasts: a change that failed, a refusal, a run that ended without its end. */
export const announceTrouble = (severity: 'warning' | 'critical', told: Told, subject = 'cluster'): Announcement => ({
  kind: 'fault',
  severity,
  headline: told.message,
  findings: [{ ...findingOf('storage-scaling', severity, told), subject }],
});

/** Something that happened, and of which nothing has to end: what people decided, what MSK said. */
export const announceReport = (severity: 'warning' | 'critical', told: Told): Announcement => ({
  ...announceTrouble(severity, told),
  kind: 'notice',
});

/**
 * MSK took the call: the first word to people of what cannot be undone. The bus hears of it by the door's own record.
 *
 * @param untilMs how long MSK's work is watched; left out where the disk may be full before it is done
 */
export function announceAccepted(fromGiB: number, accepted: Accepted, untilMs?: number): Announcement {
  const { outcome, isOurAnswer, requestId } = accepted;
  const { operationArn, toGiB } = outcome;
  const change = `volumes grow from ${fromGiB} to ${toGiB} GiB on every broker`;
  const said =
    operationArn === null
      ? `Volumes have ${toGiB} GiB already: a call of mskeeper's whose answer was lost, or somebody else, raised them from ${fromGiB}.`
      : isOurAnswer
        ? `MSK accepted: ${change}, operation ${operationArn}, request ${requestId ?? 'without an id'}.`
        : `MSK had accepted, as its operations show: ${change}, operation ${operationArn}; the answer to the call was lost.`;
  const message = `${said} It cannot be undone; mskeeper watches until it is done.`;
  const evidence: Evidence = {
    fromGiB,
    toGiB,
    ...(operationArn !== null && { operation: operationArn }),
    ...(requestId !== undefined && { requestId }),
  };
  const what = `MSK enlarges the volumes to ${toGiB} GiB`;
  return {
    kind: 'notice',
    severity: 'warning',
    headline: message,
    findings: [findingOf('storage-scaling', 'warning', { reason: 'accepted', message, evidence })],
    ...(untilMs !== undefined && { dealing: { fault: 'disk', what, untilMs } }),
  };
}

/** A call that the role may not make, though nothing was decided by it. */
export const announceDenied = ({ call, why }: Denied): Announcement =>
  announceTrouble(
    'warning',
    {
      reason: 'not-readable',
      message: `${call} may not be asked (${why}): allow it to the role of storage-scaling-run. Until then storage scaling goes by the rest.`,
      evidence: { call },
    },
    `call ${call}`,
  );

/** The change may be over, or not: what would tell could not be read. No page, since nothing says that it went wrong. */
export const announceUnread = (evidence: Evidence, unread: readonly string[]): Announcement =>
  announceTrouble('warning', {
    reason: 'operation-unread',
    message: `Nobody can tell whether the storage change to ${evidence.toGiB} GiB has ended; not readable: ${unread.join('; ')}. Allow these calls to the role of storage-scaling-run, and see aws kafka describe-cluster-v2. mskeeper looks again.`,
    evidence,
  });

/** A newer episode took this one's place; with `oddities` it looks as if no intake had opened it. */
export function announceSuperseded(
  own: { readonly episode: number; readonly cluster: string },
  {
    by,
    oddities,
    unread,
  }: { readonly by: number; readonly oddities: readonly string[]; readonly unread?: string | undefined },
): Announcement {
  const evidence: Evidence = { episode: own.episode, newestEpisode: by };
  if (unread !== undefined) {
    const message = `Episode ${by} of storage scaling took the place of episode ${own.episode}, whose run ends here and does nothing more; whether an intake opened it could not be read: ${unread}. See that a run of it is under way.`;
    return announceOfEpisode('warning', { reason: 'superseded-unread', message, evidence });
  }
  if (oddities.length === 0) {
    const message = `Episode ${by} of storage scaling took the place of episode ${own.episode}, whose run ends here and does nothing more: the newer one looks for itself.`;
    return announceOfEpisode('notice', { reason: 'superseded', message, evidence });
  }
  const key = `state/storage-scaling/${own.cluster}.json`;
  const message = `The run of episode ${own.episode} of storage scaling ends here, since ${key} in the bucket says that there is an episode ${by}; but that looks forged: ${oddities.join(', ')}. Nobody may watch the disks now. Look who wrote it, bring its last sound version back, and wake storage-scaling by hand.`;
  return announceOfEpisode('critical', { reason: 'looks-forged', message, evidence });
}

/** The episode was opened by a newer deploy than this run is of: what that deploy allows or asks for it does not know. */
export function announceOtherConfiguration({
  cluster,
  episode,
}: {
  readonly cluster: string;
  readonly episode: number;
}) {
  const message = `The run of episode ${episode} of storage scaling was started on the version of before, while a deploy was under way, and its settings (mode, approvals, limits) are not those that the episode was opened for: it ends here and has asked MSK for nothing. Wake storage-scaling once the deploy is through (npm run mskeeper -- wake ${cluster} storage-scaling); while its alarm stays in ALARM the next hour's look does it, too.`;
  return announceOfEpisode('warning', { reason: 'other-configuration', message, evidence: { episode } });
}

/** A word about an episode: what looks forged is a fault, the rest only says how this run ended. */
const announceOfEpisode = (severity: 'notice' | 'warning' | 'critical', told: Told): Announcement => ({
  kind: severity === 'critical' ? 'fault' : 'notice',
  severity,
  headline: told.message,
  findings: [findingOf('episode', severity, told)],
});

/** Done: the size that the user's own infrastructure code must say from now on, since its next apply would fight it. */
export function announceExpanded(fromGiB: number, toGiB: number, seen: Verification): Announcement {
  const { volumeGiB, usedPercent, alarmsFiring, unread, isVerified } = seen;
  const rest = isVerified
    ? `The fullest disk is now ${usedPercent === null ? 'of unknown use' : `${percentOf(usedPercent)} full`}, and the alarm is over.`
    : `But after an hour ${[
        ...((volumeGiB ?? 0) < toGiB ? [`MSK says ${volumeGiB ?? 'no size'}`] : []),
        usedPercent === null
          ? 'nobody knows how full the disks are'
          : `the fullest disk is ${percentOf(usedPercent)} full`,
        ...(alarmsFiring === null
          ? ['its alarms could not be read']
          : alarmsFiring.map((name) => `${name} is still in ALARM`)),
      ].join(', ')}.`;
  const severity = isVerified ? 'notice' : 'warning';
  const message = `Volumes were raised from ${fromGiB} to ${toGiB} GiB on every broker; this cannot be undone and locks storage for 6 h at least.${withoutReading(unread)} ${rest}`;
  const evidence: Evidence = {
    fromGiB,
    toGiB,
    isVerified,
    ...(usedPercent !== null && { usedPercent }),
    ...(volumeGiB !== null && { volumeGiB }),
  };
  return {
    kind: 'notice',
    severity,
    headline: message,
    findings: [
      findingOf('storage-scaling', severity, { reason: isVerified ? 'expanded' : 'not-verified', message, evidence }),
      findingOf('infrastructure-code', 'notice', { reason: 'size-moved', message: codeOf(toGiB), evidence: { toGiB } }),
    ],
    dealing: { fault: 'disk', isOver: true },
  };
}

/** What was judged without it, by the calls that failed. */
const withoutReading = (unread: readonly string[]): string =>
  unread.length === 0 ? '' : ` Not readable, so judged by the rest: ${unread.join('; ')}.`;

const codeOf = (toGiB: number): string =>
  `To write into your infrastructure code, or its next apply fights the new size: Terraform aws_msk_cluster broker_node_group_info.storage_info.ebs_storage_info.volume_size = ${toGiB}; CloudFormation AWS::MSK::Cluster BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize: ${toGiB}.`;

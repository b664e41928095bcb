import type { Finding, Severity } from '../../../../shared/core/finding.ts';
import type { Evidence } from '../../../../shared/core/plan.ts';
import type { Accepted, Announcement, BusAnnouncement, Denied, Look, Verification } from './model.ts';
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

/** What a plan says that is no act: the bus hears every one, people the ones that last. */
export function announcePlan({ plan }: Look): Announcement {
  const { action, reason, message, evidence } = plan;
  const severity = action === 'none' ? 'notice' : 'warning';
  return {
    topic: 'warning',
    severity,
    headline: action === 'none' ? `over: ${message}` : message,
    findings: [findingOf('storage-scaling', severity, plan)],
    event: { detailType: 'mskeeper plan', facts: { action, reason, ...evidence } },
  };
}

/** Mode `plan`: what would have been done, and how to let it. The bus hears of it by the door's own record. */
export function announceWouldAct({ plan }: Look): Announcement {
  const message = `Would act (mode plan): ${plan.message} To let mskeeper do it, set modes.storage-scaling: act in mskeeper.yml, deploy, and wake storage-scaling by hand; without mskeeper, see the runbook.`;
  return {
    topic: 'warning',
    severity: 'warning',
    headline: message,
    findings: [findingOf('storage-scaling', 'warning', { ...plan, message })],
  };
}

/** The disk fills before help can come: a page, with the retention cut beneath it. */
export const announceIncident = (finding: Finding, proposal: readonly Advice[]): Announcement => ({
  topic: 'critical',
  severity: 'critical',
  headline: finding.message,
  findings: [
    finding,
    ...proposal.map(({ message, topic }): Finding => {
      const evidence = { ...finding.evidence, ...(topic !== undefined && { topic }) };
      return { ...finding, check: 'retention-cut', reason: 'proposed', message, evidence };
    }),
  ],
  event: { detailType: 'mskeeper finding', facts: {} },
});

/** The end of every run that leaves the disk as it was: an alarm that goes on firing sends no other event. */
export const wakeByHand =
  'While its alarm stays in ALARM another run looks in a day: mend it, then wake storage-scaling by hand as the runbook says.';

/** Something that a person has to look at: a change that failed, a refusal, a run that ended without its end. */
export function announceTrouble(severity: 'warning' | 'critical', told: Told): Announcement {
  return {
    topic: severity,
    severity,
    headline: told.message,
    findings: [findingOf('storage-scaling', severity, told)],
    event: { detailType: 'mskeeper finding', facts: {} },
  };
}

/** MSK took the call: the first word to people of what cannot be undone. The bus hears of it by the door's own record. */
export function announceAccepted(fromGiB: number, accepted: Accepted): Announcement {
  const { outcome, isOurAnswer, requestId } = accepted;
  const { operationArn, toGiB } = outcome;
  const change = `volumes grow from ${fromGiB} to ${toGiB} GiB on every broker`;
  const what =
    operationArn === null
      ? `Volumes have ${toGiB} GiB already: a call of mskeeper's whose answer was lost, or somebody else, raised them from ${fromGiB}.`
      : isOurAnswer
        ? `MSK accepted: ${change}, operation ${operationArn}, request ${requestId ?? 'without an id'}.`
        : `MSK had accepted, as its operations show: ${change}, operation ${operationArn}; the answer to the call was lost.`;
  const message = `${what} It cannot be undone; mskeeper watches until it is done.`;
  const evidence: Evidence = {
    fromGiB,
    toGiB,
    ...(operationArn !== null && { operation: operationArn }),
    ...(requestId !== undefined && { requestId }),
  };
  return {
    topic: 'warning',
    severity: 'warning',
    headline: message,
    findings: [findingOf('storage-scaling', 'warning', { reason: 'accepted', message, evidence })],
  };
}

/** What people should have heard and did not, for the bus: with its evidence, since its sentence may name somebody. */
export function announceNotTold({ headline, topic, findings: untold }: Announcement, why: string): BusAnnouncement {
  const message = `People were not told (${why}): ${headline}`;
  return {
    topic,
    severity: 'critical',
    headline: message,
    findings: [
      findingOf('telling', 'critical', { reason: 'not-told', message, evidence: { ...untold[0]?.evidence, topic } }),
    ],
    event: { detailType: 'mskeeper finding', facts: {} },
  };
}

/** The event bus took nothing: whoever listens there hears nothing of this run. */
export function announceBusNotTold(why: string): Announcement {
  const message = `The event bus is not told what storage scaling does (${why}): allow the call to the role of storage-scaling-run, or see why it fails. People are told all the same.`;
  return {
    topic: 'warning',
    severity: 'warning',
    headline: message,
    findings: [findingOf('telling', 'warning', { reason: 'bus-not-told', message, evidence: {} })],
  };
}

/** A call that the role may not make, though nothing was decided by it. */
export const announceDenied = ({ call, why }: Denied): Announcement =>
  announceTrouble('warning', {
    reason: 'not-readable',
    message: `${call} may not be asked (${why}): allow it to the role of storage-scaling-run. Until then storage scaling goes by the rest.`,
    evidence: { call },
  });

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

/** A word about an episode, to people and the bus. */
const announceOfEpisode = (severity: 'notice' | 'warning' | 'critical', told: Told): Announcement => ({
  topic: severity === 'critical' ? 'critical' : 'warning',
  severity,
  headline: told.message,
  findings: [findingOf('episode', severity, told)],
  event: { detailType: 'mskeeper finding', facts: {} },
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
    topic: 'warning',
    severity,
    headline: message,
    findings: [
      findingOf('storage-scaling', severity, { reason: isVerified ? 'expanded' : 'not-verified', message, evidence }),
      findingOf('infrastructure-code', 'notice', { reason: 'size-moved', message: codeOf(toGiB), evidence: { toGiB } }),
    ],
    event: { detailType: 'mskeeper finding', facts: {} },
  };
}

/** What was judged without it, by the calls that failed. */
const withoutReading = (unread: readonly string[]): string =>
  unread.length === 0 ? '' : ` Not readable, so judged by the rest: ${unread.join('; ')}.`;

const codeOf = (toGiB: number): string =>
  `To write into your infrastructure code, or its next apply fights the new size: Terraform aws_msk_cluster broker_node_group_info.storage_info.ebs_storage_info.volume_size = ${toGiB}; CloudFormation AWS::MSK::Cluster BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize: ${toGiB}.`;

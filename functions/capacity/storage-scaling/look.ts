import { counted } from '../../../shared/core/counted.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { ask, type Known, notKnown } from '../../../shared/core/known.ts';
import { askingLevel } from '../../../shared/core/policy.ts';
import { isOfOtherConfiguration } from '../../../shared/durable/own-configuration.ts';
import { hasTimeToEnlarge, lockDealing } from './core/dealing.ts';
import { evaluateIncident, type SpaceWanted } from './core/incident.ts';
import type { Denied, ExpandPlan, Look, StorageState } from './core/model.ts';
import type { ClusterStorage, LookMemory } from './core/observation.ts';
import { judgeStorage } from './core/plan.ts';
import { compileCandidates, settingsOfRetention } from './core/retention-candidates.ts';
import { type Advice, describeRetentionCut, planRetentionCut } from './core/retention-cut.ts';
import type { Ports } from './ports.ts';

/** Until when a person is waited for, or would be where the act is planned at `atMs`; undefined where no yes is missing. */
export type YesAwaited = (plan: ExpandPlan, atMs: number) => number | undefined;

/** Asks every source at once, and judges. The series stay here: only the judgement goes into the history. */
export async function fetchLook(
  ports: Ports,
  memory: LookMemory,
  ownEpisode: number,
  yesAwaited: YesAwaited = () => undefined,
): Promise<Look> {
  const { configuration } = ports.configuration;
  const { policy } = configuration;
  const atMs = ports.nowMs();
  const forMinutes = askingLevel(policy.scaling.diskUsedPercent)?.forMinutes ?? 0;
  const [cluster, autoScaling, operations, disks, alarmsFiring, episode] = await Promise.all([
    ask(ports.fetchCluster),
    ask(ports.fetchAutoScaling),
    ask(ports.fetchOperations),
    hasDisks(ports) ? ask(() => ports.fetchDisks(atMs, forMinutes)) : notKnown('these brokers have no volumes'),
    ask(() => fetchFiring(ports)),
    ask(ports.fetchEpisode),
  ]);
  const judgement = judgeStorage({ cluster, autoScaling, operations, disks, alarmsFiring, memory }, policy, atMs);
  const { plan } = judgement;
  const yesUntilMs = plan.action === 'expand' ? yesAwaited(plan, atMs) : undefined;
  const incident = evaluateIncident(judgement, atMs, memory.stoppedBy, yesUntilMs);
  const dealing = lockDealing(judgement, incident, atMs);
  const named = 'unanswered' in plan ? plan.unanswered?.call : undefined;
  const asked = [cluster, autoScaling, operations, disks, alarmsFiring, episode];
  const denied = asked.flatMap(deniedIn).filter(({ call }) => call !== named);
  return {
    atMs,
    // Unknown is no reason to stop looking; the act asks again, and there it is one.
    newestEpisode: episode.isKnown ? (episode.value?.episode ?? null) : null,
    ...(episode.isKnown &&
      isOfOtherConfiguration(episode.value, ownEpisode, configuration) && { isOfOtherConfiguration: true as const }),
    plan,
    state: cluster.isKnown ? stateOf(cluster.value) : null,
    incident: incident ?? null,
    ...(denied.length > 0 && { denied }),
    ...(dealing !== undefined && { dealing }),
    ...(hasTimeToEnlarge(judgement, incident) && { hasTime: true as const }),
  };
}

/** The call that was denied, where one was. */
export const deniedIn = (answer: Known<unknown>): readonly Denied[] =>
  answer.isKnown || !answer.isAsked || answer.failure !== 'denied' ? [] : [{ call: answer.call, why: answer.why }];

/** Express and Serverless emit no such metric: the catalogue would refuse the query. */
const hasDisks = ({ configuration }: Ports): boolean => configuration.cluster.brokerKind === 'standard';

/**
 * The names of our own disk alarms that are in ALARM.
 *
 * @throws DependencyError also where none is, and of one nobody can say how it stands: it may be
 */
export const fetchFiring = async ({ fetchAlarms }: Pick<Ports, 'fetchAlarms'>): Promise<readonly string[]> =>
  firingIn(await fetchAlarms());

/** The same of what CloudWatch said already. */
export function firingIn(alarms: Awaited<ReturnType<Ports['fetchAlarms']>>): readonly string[] {
  const namesIn = (wanted: string) => alarms.filter(({ state }) => state === wanted).map(({ name }) => name);
  const [firing, unknown] = [namesIn('ALARM'), namesIn('unknown')];
  if (firing.length > 0 || unknown.length === 0) return firing;
  const why = `bad answer: no state that is known of ${unknown.join(', ')}`;
  throw new DependencyError('cloudwatch:DescribeAlarms', 'bad-answer', why);
}

/** What the guard compares before it lets the call through. */
export const stateOf = ({ state, currentVersion, volumeGiB, activeOperationArn }: ClusterStorage): StorageState => ({
  state,
  currentVersion: currentVersion ?? null,
  volumeGiB: volumeGiB ?? null,
  activeOperationArn: activeOperationArn ?? null,
});

/** The emergency retention cut in sentences (C12), or why none can be proposed. Applied by nobody but a person. */
export async function fetchRetentionCut(ports: Ports, space: SpaceWanted): Promise<readonly Advice[]> {
  const { topics } = ports.configuration.cluster;
  const seen = await ask(() =>
    ports.fetchView({
      groups: false,
      commits: false,
      ends: 'both',
      logDirectories: true,
      topicBytes: true,
      topicSettings: settingsOfRetention,
      expectedBrokerIds: [],
    }),
  );
  if (!seen.isKnown) {
    return [{ message: `No retention cut can be proposed, since the brokers could not be asked: ${seen.why}` }];
  }
  const isCritical = (topic: string) => topics.critical.some(({ name }) => name === topic);
  const compiled = compileCandidates(seen.value, space.brokerId, isCritical);
  if (compiled === undefined) {
    const message = `No retention cut can be proposed, since broker ${space.brokerId} did not tell its topics' bytes.`;
    return [{ message }];
  }
  const proposal = planRetentionCut(compiled.candidates, space.usedGiB, space.wantedGiB);
  const unread =
    compiled.unreadable === 0
      ? []
      : [{ message: `${counted(compiled.unreadable, 'more topic')} could not be read: left out.` }];
  return [...describeRetentionCut(proposal, space.wantedGiB), ...unread];
}

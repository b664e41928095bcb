import type { Spoken } from '../../../functions/capacity/storage-scaling/core/spoken.ts';
import { ConfigError, DependencyError, InvalidEventError, NotToldError } from '../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../shared/core/units.ts';
import { episodeInput } from '../../../shared/durable/episode.ts';
import type { Execution } from './execution.ts';
import type { HostileHistory } from './model.ts';
import type { Stack } from './stack.ts';
import { type Actor, type HostileWorld, wrongSkewMs } from './world.ts';

/** From the look at which a yes still held to the call: a plan is given up when it is older, and clocks differ. */
const actMs = 20 * minuteMs;

/** (2), (3): what must be true at the moment at which a call leaves a run. */
export function checkSending(
  world: HostileWorld,
  stack: Stack,
  actor: Actor,
  execution: string,
  { cause, toGiB }: { readonly cause: string; readonly toGiB: number },
): string[] {
  const { sawSwitch, sawClaim, sawState } = actor;
  const { modes, approvals } = stack.configuration.configuration;
  const nowMs = world.clock.nowMs();
  const fromGiB = world.msk.sizeGiB();
  const { isRequired, mayInitiatorApprove, validMinutes } = approvals['storage-scaling'];
  // A yes is kept by one invocation's clock and counted by another's.
  const apartMs = world.haveClocksJumped ? 2 * wrongSkewMs : 0;
  const yeses = world.yeses.filter(
    ({ execution: run, atMs, ...yes }) =>
      run === execution &&
      yes.fromGiB === fromGiB &&
      yes.toGiB >= toGiB &&
      nowMs - atMs < validMinutes * minuteMs + actMs + apartMs,
  );
  const { isOpenerProven } = episodeInput.parse(JSON.parse(stack.executions.get(execution)?.payload ?? ''));
  // What a run is started with by anybody else says nothing of who opened it.
  const isProven = isOpenerProven === true && stack.ofIntake.has(execution);
  // Where the initiator may not approve and nobody knows who he is, two must.
  const needed = mayInitiatorApprove || isProven ? 1 : 2;
  const isApproved = new Set(yeses.map(({ by }) => by)).size >= needed;
  return [
    ...(modes['storage-scaling'] === 'act' ? [] : [`${cause}: called in mode ${modes['storage-scaling']}`]),
    ...(sawSwitch?.value === 'off'
      ? []
      : [`${cause}: called under the kill switch: ${sawSwitch?.value ?? 'not read'}`]),
    ...((sawSwitch?.at ?? 0) > (sawState?.at ?? 0) ? [] : [`${cause}: called with a kill switch older than the state`]),
    ...checkHolder(cause, actor),
    ...((sawClaim?.at ?? 0) > (sawState?.at ?? 0) ? [] : [`${cause}: called with a claim older than the state`]),
    ...(!stack.mustTell || stack.receipts.has(`${cause}/about-to-act`)
      ? []
      : [`${cause}: called without a receipt that people heard of it`]),
    ...(!isRequired || isApproved
      ? []
      : [`${cause}: from ${fromGiB} to ${toGiB} GiB was not approved by whom the policy wants`]),
  ];
}

/** (2): only the stack acts whose the cluster was when it asked last. */
export const checkHolder = (cause: string, { sawClaim }: Actor): string[] =>
  sawClaim?.isOwn === true ? [] : [`${cause}: called by a stack that does not know the cluster for its own`];

/** (1), (4), (5), and that nothing crashed without a name: what must be true of a history that is over. */
export function checkEnd(world: HostileWorld, stacks: readonly Stack[], history: HostileHistory): string[] {
  const { accepted } = world.msk;
  const causes = new Set(accepted.map(({ cause }) => cause));
  const versions = new Set(accepted.map(({ version }) => version));
  return [
    ...checkBucket(world, history),
    ...(causes.size === accepted.length ? [] : ['MSK accepted two calls of one cause']),
    ...(versions.size === accepted.length ? [] : ['MSK accepted two calls from one version of the cluster']),
    ...stacks.flatMap((stack) => [
      ...checkBudget(world, stack, history),
      ...checkOthers(world, stack),
      ...[...stack.executions.values()].flatMap((execution) => checkExecution(stack, execution)),
      ...accepted
        .filter(({ cause }) => cause.startsWith(`${stack.key}-storage-`))
        .flatMap(({ cause }) => checkTold(world, stack, cause)),
    ]),
  ];
}

/** The bucket's policy: only who breaks the glass gets anything into it, and the pair into what it leaves there. */
function checkBucket({ tampered }: HostileWorld, { attacker }: HostileHistory): string[] {
  if (attacker === 'break-glass') return [];
  const open = attacker === 'pair' ? ['backups'] : [];
  return [...tampered].filter((folder) => !open.includes(folder)).map((folder) => `${attacker} wrote into ${folder}/`);
}

/**
 * (4): never more causes within an hour, by the time at which their calls left, where nobody wrote into the budget. A cause has
 * one place, however often it is sent.
 */
function checkBudget(world: HostileWorld, stack: Stack, { actsPerHour }: HostileHistory): string[] {
  if (world.tampered.has('budget') || world.haveClocksJumped) return [];
  const own = world.msk.accepted.filter(({ cause }) => cause.startsWith(`${stack.key}-storage-`));
  const acts = [...own, ...stack.others];
  const countFrom = (fromMs: number): number =>
    new Set(acts.flatMap(({ cause, sentAtMs }) => (sentAtMs >= fromMs && sentAtMs < fromMs + hourMs ? [cause] : [])))
      .size;
  const isCrowded = acts.some(({ sentAtMs }) => countFrom(sentAtMs) > actsPerHour);
  return isCrowded ? [`${stack.key}: more acts than the budget of ${actsPerHour} within an hour`] : [];
}

/** (1) of acts without MSK's lock: the audit alone holds them, as long as nobody else writes it. */
function checkOthers(world: HostileWorld, { others }: Stack): string[] {
  if (world.tampered.has('audit') || world.haveClocksJumped) return [];
  const causes = new Set(others.map(({ cause }) => cause));
  return causes.size === others.length ? [] : ['an act without a lock was accepted twice'];
}

/** What a no, and one that could not be kept, is told as. */
const saidAs: Readonly<Record<string, readonly string[]>> = {
  'not-approved': ['approval-refused', 'approval-unproven', 'approval-timed-out'],
  'audit-unknown': ['refusal-not-kept'],
  'outcome-unknown': ['refusal-not-kept'],
};

const isNamed = (error: unknown): boolean =>
  [DependencyError, NotToldError, ConfigError, InvalidEventError].some((one) => error instanceof one);

/** Of what a word for people says that it is so. */
const reasonsIn = (spoken: Spoken): readonly string[] => {
  if (spoken.kind === 'notice') return spoken.notice.findings.map(({ reason }) => reason);
  return spoken.kind === 'finding' && spoken.news.change !== 'closed' ? [spoken.news.finding.reason] : [];
};

/** (5): a run that ends has the bus say so, from which people hear it, or fails, of which Lambda's own alarm tells. */
function checkExecution(stack: Stack, { name, status, result, error }: Execution): string[] {
  if (status === 'running') return [`${name} never ended`];
  if (status === 'failed') return isNamed(error) ? [] : [`${name} crashed without a name: ${String(error)}`];
  const said = stack.said.filter(({ by }) => by === name);
  const reasons = said.flatMap(({ spoken }) => reasonsIn(spoken));
  const decided = stack.decided.filter(({ by }) => by === name);
  // Whoever waited for a receipt and came to the door again was stopped by nothing.
  const isWaited = (cause: string, place: number): boolean =>
    decided.some((later, at) => at > place && later.cause === cause);
  const stops = decided.flatMap(({ cause, decision }, place) =>
    decision.decision === 'stopped' && !(decision.awaits !== undefined && isWaited(cause, place))
      ? [decision.reason]
      : [],
  );
  const untold = stops.filter(
    (reason) =>
      reason !== 'state-moved' &&
      reason !== 'mode-off' &&
      reason !== 'api-refused' &&
      !reasons.some((said) => said === reason || saidAs[reason]?.includes(said) === true),
  );
  const isSilent = said.length === 0 && result?.outcome !== 'off';
  return [
    ...(isSilent ? [`${name} ended ${result?.outcome} in silence`] : []),
    ...untold.map((reason) => `${name} was stopped by ${reason}, and told nobody`),
  ];
}

const endings: readonly string[] = ['accepted', 'expanded', 'not-verified', 'operation-failed', 'operation-not-ended'];

/** (5): the bus took an act as such, and as a word for people, from a run that sent its call, or what kept it from that is on record. */
function checkTold(world: HostileWorld, stack: Stack, cause: string): string[] {
  const senders = new Set(world.sent.flatMap((one) => (one.cause === cause ? [one.execution] : [])));
  // Lambda's own alarm tells of a run that fails.
  if ([...senders].some((name) => stack.executions.get(name)?.status === 'failed')) return [];
  // A forged record answers for the act; nobody but its writer knows.
  if (world.tampered.has('audit')) return [];
  // Where the audit could not be read to the end nobody could tell of an act: what the bus hears is that nobody knows.
  const heard = stack.said.flatMap(({ by, spoken }) => (senders.has(by) ? reasonsIn(spoken) : []));
  const isLeftOpen = heard.includes('outcome-unknown');
  const isOnBus = isLeftOpen || stack.acts.some((act) => act.cause === cause) || stack.problems.length > 0;
  // By a clock that was hours ahead the record of the act is of a time to come, and not believed: people are sent to it.
  const words = [...endings, 'outcome-unknown', ...(world.haveClocksJumped ? ['audit-unknown'] : [])];
  const haveHeard = heard.some((reason) => words.includes(reason));
  return [
    ...(isOnBus ? [] : [`${cause} acted, and the bus was not told`]),
    ...(haveHeard ? [] : [`${cause} acted, and people were not told`]),
  ];
}

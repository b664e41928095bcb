import type { ApprovalDocument } from '../../../../shared/durable/approval.ts';
import type { SecondAccount } from '../../../world/second-account.ts';
import type { Stage } from '../../scenario.ts';
import { acceptedUpdates, storageUpdates } from '../disk-fill/judgement.ts';
import { wordsSince } from '../disk-fill/world.ts';
import { type Ended, runCommand } from './command.ts';
import { makePeople, type People, type Person, principalsOf } from './people.ts';
import { requestsIn } from './requests.ts';

/** Small, so that they are full while the disks of the world's own account have room. */
export const firstVolumeGiB = 50;
const thresholdPercent = 80;
/** Half an hour of the machine's time: however busy it is, no request ends before it is answered. */
const answerMinutes = 12 * 60;

/** The drill's own account and who takes part. */
export type Cast = {
  readonly stage: Stage;
  readonly account: Pick<SecondAccount, 'standIn' | 'clusterKey' | 'cluster' | 'diskSamples'>;
  readonly people: People;
  /** Runs one of mskeeper's commands as somebody, and keeps what it printed. */
  readonly command: (person: Person, ...args: readonly string[]) => Promise<Ended>;
  /** All that commands printed so far. */
  readonly printed: () => string;
};

/** An account where storage grows only with a yes of somebody else than who woke the run, and the bucket is closed. */
export const openGuarded = ({ world }: Stage): Promise<SecondAccount> => {
  const { approver, repairer } = principalsOf(world.cluster.accountId);
  return world.openSecondAccount(
    (configuration) => ({
      ...configuration,
      policy: {
        ...configuration.policy,
        scaling: { ...configuration.policy.scaling, diskUsedPercent: { warning: thresholdPercent } },
      },
      approvals: {
        ...configuration.approvals,
        'storage-scaling': {
          isRequired: true,
          timeoutMinutes: answerMinutes,
          validMinutes: answerMinutes,
          mayInitiatorApprove: false,
        },
      },
      approverPrincipals: [approver],
      clusters: {
        ...configuration.clusters,
        [world.clusterKey]: { ...world.cluster, stack: { ...world.cluster.stack, breakGlassRole: repairer } },
      },
    }),
    { volumeGiB: firstVolumeGiB },
  );
};

export function castOf(stage: Stage, account: SecondAccount): Cast {
  const { standIn, clusterKey } = account;
  const { accountId, region } = standIn.world;
  const intakeArn = `arn:aws:lambda:${region}:${accountId}:function:mskeeper-${clusterKey}-storage-scaling`;
  let printed = '';
  return {
    stage,
    account,
    people: makePeople(standIn, intakeArn),
    command: async (person, ...args) => {
      const ended = await runCommand(standIn, person, args, stage.signal);
      printed += ended.said;
      return ended;
    },
    printed: () => printed,
  };
}

/** Says on the timeline what somebody does. */
export const tell = ({ stage }: Pick<Cast, 'stage'>, label: string, tone: 'bad' | 'neutral' | 'good'): void =>
  void stage.timeline.record({ lane: 'faults', subject: 'people', label, tone });

const askedSeconds = 30;

/**
 * Waits for a request beyond those that were seen, and for the word to people that names it.
 *
 * @param saying what the word must say besides
 */
export async function expectAsked(
  { stage, account }: Pick<Cast, 'stage' | 'account'>,
  text: string,
  { seen, sinceMs, saying }: { readonly seen: number; readonly sinceMs: number; readonly saying: RegExp },
): Promise<ApprovalDocument | undefined> {
  const asked = await stage.expectations.expect(
    text,
    askedSeconds,
    () => {
      const requests = requestsIn(account);
      const request = requests[seen];
      if (request === undefined || requests.length > seen + 1) return undefined;
      const words = wordsSince(account, sinceMs).find((each) => each.includes(request.id) && saying.test(each));
      return words === undefined ? undefined : { request, words };
    },
    ({ words }) => (words.split('\n').find((line) => saying.test(line)) ?? '').trim(),
  );
  return asked?.request;
}

/** Neither a call for larger volumes, taken or not, nor volumes of another size. */
export const expectUntouched = ({ stage, account }: Pick<Cast, 'stage' | 'account'>, text: string): void => {
  const { standIn, cluster } = account;
  stage.expectations.expectNothing(text, () => [
    ...storageUpdates(standIn.world.calls.all).map(({ operation, outcome }) => `${operation}: ${outcome}`),
    ...[standIn.msk.cluster(cluster.arn).volumeGiB]
      .filter((volumeGiB) => volumeGiB !== firstVolumeGiB)
      .map((volumeGiB) => `volumes of ${volumeGiB} GiB`),
  ]);
};

/** Calls for larger volumes that MSK took. */
export const acceptedIn = ({ standIn }: Pick<SecondAccount, 'standIn'>) => acceptedUpdates(standIn.world.calls.all);

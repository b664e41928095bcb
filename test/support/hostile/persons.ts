import { minuteMs } from '../../../shared/core/units.ts';
import { type ApprovalAnswer, type ApprovalDocument, approvalDocument } from '../../../shared/durable/approval.ts';
import { digestOfAnswer } from '../../../shared/durable/approval-digest.ts';
import { episodeInput } from '../../../shared/durable/episode.ts';
import { type Stack, slug } from './stack.ts';
import type { HostileWorld } from './world.ts';

const arnOf = (name: string): string => `arn:aws:sts::111122223333:assumed-role/on-call/${name}`;
const mallory = 'arn:aws:sts::111122223333:assumed-role/builders/mallory';

/** What people do with a request, and what others do who can send an answer and sign for nobody but themselves. */
const behaviours = [
  'yes',
  'yes',
  'yes',
  'yes',
  'yes',
  'no',
  'silence',
  'initiator',
  'stranger',
  'forged',
  'replayed',
  'edited',
  'signed-long-ago',
] as const;

type Words = Pick<ApprovalAnswer, 'decision' | 'comment'>;

/** Somebody looks at each request, at some time, who may be nobody's friend. */
export function expectPerson(world: HostileWorld, stack: Stack, key: string): void {
  void answer(world, stack, key, world.chance.pick(['ada', 'bea']));
}

async function answer(world: HostileWorld, stack: Stack, key: string, name: string): Promise<void> {
  const { chance, clock, sts } = world;
  const behaviour = chance.pick(behaviours);
  await clock.sleep(clock.nowMs() + chance.below(70 * minuteMs)).over;
  const read = approvalDocument.safeParse(stack.bucket.read(key));
  // What cannot be read cannot be answered.
  if (!read.success) return;
  const shown = read.data;
  const by = behaviour === 'initiator' ? arnOf('ivan') : behaviour === 'stranger' ? mallory : arnOf(name);
  const words: Words = { decision: behaviour === 'no' || behaviour === 'edited' ? 'refused' : 'approved' };
  const digest = digestOfAnswer(shown, words);
  const honest: ApprovalAnswer = { version: 2, ...words, digest, proof: sts.sign(by, digest) };
  const send = (payload: string) =>
    stack.executions.get(shown.executionName)?.answer(shown.callbackId, payload) === true;
  switch (behaviour) {
    case 'silence':
      return;
    case 'forged':
      send(JSON.stringify({ ...honest, proof: sts.forge() }));
      return;
    case 'replayed': {
      // What somebody said to another request, sent to this one.
      const overheard = world.answers.at(-1);
      if (overheard !== undefined) send(overheard);
      return;
    }
    case 'edited': {
      // A no on its way, made a yes.
      const edited = { ...honest, decision: 'approved' } as const;
      send(JSON.stringify(chance.isDrawn(50) ? edited : { ...edited, digest: digestOfAnswer(shown, edited) }));
      return;
    }
    case 'signed-long-ago':
      await clock.sleep(clock.nowMs() + 16 * minuteMs).over;
      send(JSON.stringify(honest));
      return;
    default: {
      const payload = JSON.stringify(honest);
      world.answers.push(payload);
      const isTaken = send(payload);
      const mayCount = by !== mallory && (behaviour !== 'initiator' || mayInitiatorSayYes(stack, shown));
      if (isTaken && words.decision === 'approved' && mayCount) noteYes(world, shown, by);
    }
  }
}

/** By the run itself, whatever its request was made to say. */
const mayInitiatorSayYes = (stack: Stack, { executionName }: ApprovalDocument): boolean => {
  const payload = stack.executions.get(executionName)?.payload ?? '{}';
  const isIvans = episodeInput.safeParse(JSON.parse(payload)).data?.openedBy === 'ivan';
  return !isIvans || stack.configuration.configuration.approvals[slug].mayInitiatorApprove;
};

function noteYes(world: HostileWorld, { executionName, plan }: ApprovalDocument, by: string): void {
  const { volumeGiB: fromGiB, toGiB } = plan.evidence;
  if (typeof fromGiB !== 'number' || typeof toGiB !== 'number') return;
  world.yeses.push({ by, execution: executionName, fromGiB, toGiB, atMs: world.clock.nowMs() });
}

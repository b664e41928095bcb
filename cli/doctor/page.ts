import type { ChannelLooked, ChannelTest } from '../../functions/health/incident/core/command-answer.ts';
import { UsageError } from '../../infra/command-line.ts';
import { ask } from '../../shared/core/known.ts';
import { commandIncident } from '../incidents/ask-incident.ts';
import { wordOf } from '../incidents/render.ts';
import type { Target } from '../target.ts';
import { type DoctorFinding, type DoctorStatus, unknownFinding } from './finding.ts';

const check = 'page';

const statusOf = {
  delivered: 'ok',
  refused: 'failed',
  failed: 'failed',
  dropped: 'failed',
  unknown: 'unknown',
  waiting: 'unknown',
} as const satisfies Record<ChannelTest['outcome'], DoctorStatus>;

const adviceOf = {
  ok: undefined,
  failed: 'mend its secret, address or service (docs/deploy.md), and ask again',
  unknown: 'look there for the test, or ask again',
} as const;

/** What each endpoint made of its test. */
export const evaluateTests = (tests: readonly ChannelTest[]): readonly DoctorFinding[] => {
  if (tests.length === 0) {
    const advice = 'name endpoints under channels.byTopic in mskeeper.yml, package and deploy';
    return [{ check, subject: 'channels', status: 'failed', message: 'no endpoint is reached by anything', advice }];
  }
  return tests.map((one) => {
    const status = statusOf[one.outcome];
    const advice = adviceOf[status];
    return {
      check,
      subject: `endpoint ${one.endpoint} (${one.kind})`,
      status,
      message: `${wordOf(one)}${one.why === undefined ? '' : `: ${one.why}`}`,
      ...(advice !== undefined && { advice }),
    };
  });
};

const looked = {
  good: { status: 'ok', says: 'as it should be' },
  broken: { status: 'failed', says: 'is not as it should be' },
  unknown: { status: 'unknown', says: 'nobody knows' },
} as const satisfies Record<ChannelLooked['state'], { readonly status: DoctorStatus; readonly says: string }>;

/** What incident's look made of each endpoint beside its test: SNS takes what it never delivers. */
export const evaluateLooks = (looks: readonly ChannelLooked[]): readonly DoctorFinding[] =>
  looks.map(({ endpoint, kind, state, says }) => ({
    check: 'channel',
    subject: `endpoint ${endpoint} (${kind})`,
    status: looked[state].status,
    message: says ?? looked[state].says,
    ...(state === 'broken' && {
      advice: 'do what it says, and ask again: what is mended is then over for incident, too',
    }),
    ...(state === 'unknown' && { advice: 'ask again; where it stays so, see what incident’s role may ask' }),
  }));

/** Asks incident for one test message on every channel, under one's own name. */
export const examinePage = async (target: Target): Promise<readonly DoctorFinding[]> => {
  const failed = (message: string, advice: string): readonly DoctorFinding[] => [
    { check, subject: 'channels', status: 'failed', message, advice },
  ];
  try {
    const asked = await ask(() => commandIncident(target, { command: 'test' }));
    if (!asked.isKnown) return [unknownFinding(check, 'channels', asked)];
    const answer = asked.value;
    switch (answer.outcome) {
      case 'tested':
        return [...evaluateTests(answer.tests), ...evaluateLooks(answer.looks)];
      case 'refused':
        return failed(answer.why, 'do what it says, and ask again');
      case 'unseen': {
        const message = `sent, and what became of it was not seen: ${answer.why}`;
        return [{ check, subject: 'channels', status: 'unknown', message, advice: 'look into the channels' }];
      }
      default:
        return failed(`incident answered something else: ${answer.outcome}`, 'deploy the release of this command');
    }
  } catch (error) {
    if (error instanceof UsageError) return failed(error.message, 'do what it says, and ask again');
    throw error;
  }
};

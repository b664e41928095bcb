import { watchStandIn } from '../world/happenings.ts';
import type { SecondAccount } from '../world/second-account.ts';
import type { Stage } from './scenario.ts';
import type { Lane, ToldMoment } from './timeline.ts';

const watchMs = 100;

type Reader = () => readonly ToldMoment[];

/** Tells what each reader finds new, ten times a second until it is stopped. */
export function watchMore({ record }: Stage['timeline']): {
  readonly add: (read: Reader) => void;
  readonly stop: () => void;
} {
  const readers: Reader[] = [];
  const tell = (): void => {
    for (const moment of readers.flatMap((read) => read())) record(moment);
  };
  const timer = setInterval(tell, watchMs);
  return {
    add: (read) => {
      readers.push(read);
      tell();
    },
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}

/** What happens in another account, in rows of its own: `<where>: …`. */
export function momentsOf({ standIn }: Pick<SecondAccount, 'standIn'>, lanes: readonly Lane[], where: string): Reader {
  const read = watchStandIn(standIn);
  return () =>
    read()
      .filter(({ lane }) => lanes.includes(lane))
      .map((moment) => ({ ...moment, subject: `${where}: ${moment.subject}` }));
}

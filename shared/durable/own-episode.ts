import { toJson } from '../text/json.ts';
import { type EpisodeDocument, type EpisodeInput, executionNameOf } from './episode.ts';

/** What both say of an episode, and what of it people are told where they differ. */
const fields = {
  episode: 'its number',
  openedAtMs: 'when it was opened',
  openedBy: 'who opened it',
  isOpenerProven: 'whether that was proven',
  quiet: 'what people heard before',
} as const satisfies Partial<Record<keyof EpisodeInput & keyof EpisodeDocument, string>>;

/**
 * Why a run's input is not its episode's own word. Whoever may invoke a run writes any input he likes, under any name; the
 * document of the episode is written by the intake alone, and the run that it starts has the episode's name, which no second
 * one can get. A run without such a document has an input that nobody vouches for.
 *
 * @param document the newest episode's, undefined where there is none
 * @returns words that follow on "since"; undefined where the intake wrote the input and gave the run its name
 */
export function findForeignInput(
  input: EpisodeInput,
  run: { readonly procedure: string; readonly executionName: string },
  document: EpisodeDocument | undefined,
): string | undefined {
  if (run.executionName !== executionNameOf(input.cluster, run.procedure, input.episode))
    return `the run is called ${run.executionName}, and no intake starts one of episode ${input.episode} under that name: look who invoked it`;
  if (document === undefined) return 'the bucket has no document of its episode';
  const differing = Object.entries(fields).flatMap(([field, words]) =>
    textOf(input, field) === textOf(document, field) ? [] : [words],
  );
  if (differing.length === 0) return undefined;
  return `what it was started with is not what its episode's document says (${differing.join(', ')}): look who invoked it`;
}

/** As JSON, in which nothing said is one value. */
const textOf = (said: object, field: string): string => toJson(Reflect.get(said, field) ?? null);

import type { TravellingConfiguration } from '../core/configuration.ts';
import { digestOf } from '../text/digest.ts';
import type { EpisodeDocument } from './episode.ts';

/** Names a configuration, the same in every function of a deploy: what a request for approval shows as its settings. */
export const configurationNameOf = (configuration: TravellingConfiguration): string => digestOf(configuration);

/**
 * Whether the episode is to be run under another configuration than this one. A run is started by its function's alias, and
 * nothing of a deploy says that the alias is moved before the intake is new: a run of the version before would keep mode and
 * approvals of the day before, for days.
 *
 * @param document the newest episode's; one of another episode, or that names no configuration, says nothing of this run
 */
export const isOfOtherConfiguration = (
  document: Pick<EpisodeDocument, 'episode' | 'configuration'> | undefined,
  episode: number,
  configuration: TravellingConfiguration,
): boolean =>
  document?.configuration !== undefined &&
  document.episode === episode &&
  document.configuration !== configurationNameOf(configuration);

import { type Channels, type Contact, notificationTopics } from '../../shared/core/configuration.ts';
import { findWindowProblem, type MaintenanceWindow } from '../../shared/core/maintenance-window.ts';
import { findDuplicates } from './duplicates.ts';
import type { Mistake } from './mistake.ts';
import { findNearest } from './suggestion.ts';

const checkReference = (path: Mistake['path'], name: string, endpoints: readonly string[]): Mistake[] => {
  if (endpoints.includes(name)) return [];
  const nearest = findNearest(name, endpoints);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return [{ path, message: `names no endpoint of channels.endpoints${hint}` }];
};

/** Every topic and every contact refers to an endpoint that is there, and to each once. */
export const checkChannels = (channels: Channels | undefined, contacts: readonly Contact[]): Mistake[] => {
  if (channels === undefined) return [];
  const endpoints = Object.keys(channels.endpoints);
  const topics = notificationTopics.flatMap((topic) =>
    channels.byTopic[topic].flatMap((name, index, names) => {
      const path = ['channels', 'byTopic', topic, index];
      if (names.indexOf(name) < index) return [{ path, message: 'stands in this list already' }];
      return checkReference(path, name, endpoints);
    }),
  );
  const named = contacts.flatMap(({ channel }, index) =>
    checkReference(['contacts', index, 'channel'], channel, endpoints),
  );
  return [...topics, ...named, ...findDuplicates(['contacts'], 'role', contacts)];
};

/** Every window can open and can close; one that is wrong says nothing of the others. */
export const checkWindows = (windows: readonly (MaintenanceWindow | undefined)[]): Mistake[] => [
  ...windows.flatMap((window, index): Mistake[] => {
    const problem = window === undefined ? undefined : findWindowProblem(window);
    return problem === undefined ? [] : [{ path: ['maintenanceWindows', index], message: problem }];
  }),
  ...findDuplicates(['maintenanceWindows'], 'name', windows),
];

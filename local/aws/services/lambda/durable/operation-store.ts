import type { Operation } from '@aws-sdk/client-lambda';
import { isClosed } from './operation-update.ts';

/** The operations of one execution, and when each of them changed last. */
export type OperationStore = {
  /** Counts every change. */
  readonly revision: () => number;
  readonly get: (id: string) => Operation | undefined;
  /** In the order of their start. */
  readonly all: () => readonly Operation[];
  readonly put: (operation: Operation) => void;
  readonly changedSince: (revision: number) => readonly Operation[];
  /** What a replay needs: descendants of a closed context only where it asked for them. */
  readonly replayed: () => readonly Operation[];
};

export function createOperationStore(): OperationStore {
  const operations = new Map<string, Operation>();
  const revisions = new Map<string, number>();
  let revision = 0;
  const all = () => [...operations.values()];
  return {
    revision: () => revision,
    get: (id) => operations.get(id),
    all,
    put(operation) {
      const id = operation.Id ?? '';
      revision += 1;
      operations.set(id, operation);
      revisions.set(id, revision);
    },
    changedSince: (since) => all().filter(({ Id = '' }) => (revisions.get(Id) ?? 0) > since),
    replayed() {
      const hidden = new Set<string | undefined>();
      return all().filter(({ Id, ParentId }) => {
        const parent = ParentId === undefined ? undefined : operations.get(ParentId);
        const isHidden =
          parent !== undefined &&
          (hidden.has(ParentId) || (isClosed(parent) && parent.ContextDetails?.ReplayChildren !== true));
        if (isHidden) hidden.add(Id);
        return !isHidden;
      });
    },
  };
}

export type OperationPage = { readonly operations: readonly Operation[]; readonly nextMarker: string | undefined };

/** A page of at most `maxItems` operations and about `maxBytes`, but never an empty one while there are any. */
export function pageOfOperations(
  operations: readonly Operation[],
  options: { readonly marker: number; readonly maxItems: number; readonly maxBytes: number },
): OperationPage {
  const { marker, maxItems, maxBytes } = options;
  let end = marker;
  let bytes = 0;
  while (end < operations.length && end - marker < maxItems) {
    bytes += Buffer.byteLength(JSON.stringify(operations[end]));
    if (bytes > maxBytes && end > marker) break;
    end += 1;
  }
  return {
    operations: operations.slice(marker, end),
    nextMarker: end < operations.length ? String(end) : undefined,
  };
}

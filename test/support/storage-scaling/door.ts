import type { BudgetDocument } from '../../../shared/acting/core/budget.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import type { ActDoor, Claim, Condition, Kept } from '../../../shared/acting/door.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { Mode } from '../../../shared/core/policy.ts';
import { bundledConfiguration } from '../health/health-ports.ts';

/** The real door of acts on a store in memory, and what it kept. */
export function openMemoryDoor(mode: Mode, nowMs: () => number) {
  const documents = new Map<string, Kept<string>>();
  /** `told`: the records of which the door told the bus. */
  const world = { killSwitch: 'off' as 'on' | 'off', told: [] as ActRecord[] };
  let version = 0;
  const read = <Value>(key: string): Kept<Value> | undefined => {
    const found = documents.get(key);
    // What was written under a key is what its readers expect.
    return found && { value: JSON.parse(found.value) as Value, etag: found.etag };
  };
  const write = async (key: string, value: unknown, condition: Condition | 'always') => {
    const there = documents.get(key);
    const isMet =
      condition === 'always' || (condition === 'absent' ? there === undefined : there?.etag === condition.etag);
    if (!isMet) throw new DependencyError('s3:PutObject', 'conflict', 'somebody else wrote');
    version += 1;
    documents.set(key, { value: JSON.stringify(value), etag: `"${version}"` });
    return { etag: `"${version}"` };
  };
  const recordKey = ({ cause }: Claim) => `record/${cause}`;
  const door: ActDoor = {
    cluster: 'orders',
    execution: 'arn:execution',
    modes: { ...bundledConfiguration().configuration.modes, 'storage-scaling': mode },
    windows: [],
    actsPerHour: 4,
    nowMs,
    newTryId: () => {
      version += 1;
      return `try-${version}`;
    },
    isOver: () => false,
    fetchKillSwitch: async () => ({ value: world.killSwitch }),
    fetchClusterClaim: async () => ({ holder: 'this-stack' }),
    budget: {
      fetch: async () => read<BudgetDocument>('budget'),
      apply: (document, condition) => write('budget', document, condition),
    },
    audit: {
      fetchClaim: async (_procedure, cause) => read<Claim>(`claim/${cause}`)?.value,
      applyClaim: async (claim) => {
        await write(`claim/${claim.cause}`, claim, 'absent');
      },
      fetchRecord: async (claim) => read<ActRecord>(recordKey(claim)),
      applyRecord: (claim, record, condition) => write(recordKey(claim), record, condition),
    },
    publish: async (_claim, record) => {
      world.told.push(record);
    },
    reportProblem: (message) => {
      throw new Error(message);
    },
  };
  const causes = () =>
    [...documents.keys()].filter((key) => key.startsWith('record/')).map((key) => key.slice('record/'.length));
  return { door, world, causes };
}

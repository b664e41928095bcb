/** A field that is not there at all. */
const absent = Symbol('absent');

/** What may stand where AWS's model promises something else: nothing, nothing of three kinds, and everything too much. */
const oddValues: readonly unknown[] = [
  absent,
  null,
  '',
  'SOMETHING_NEW',
  true,
  {},
  [],
  [null],
  Number.NaN,
  -1,
  1e300,
  new Date(Number.NaN),
  '\ud800',
  'x'.repeat(70_000),
];

type OddItem = {
  /** `BrokerNodeInfo.BrokerId = null`. */
  readonly what: string;
  readonly path: string;
  readonly item: unknown;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

const describe = (value: unknown): string => {
  if (value === absent) return 'absent';
  return typeof value === 'string' && value.length > 40
    ? `${value.length} characters`
    : (JSON.stringify(value) ?? String(value));
};

/** The item with each of its fields, at any depth, and itself as a whole replaced by each odd value that is another one. */
function* oddItems(item: unknown): Generator<OddItem> {
  for (const value of oddValues) {
    if (value !== absent) yield { what: `= ${describe(value)}`, path: '', item: value };
  }
  yield* oddFields(item, []);
}

function* oddFields(item: unknown, path: readonly string[]): Generator<OddItem> {
  if (!isRecord(item)) return;
  for (const key of Object.keys(item)) {
    const here = [...path, key];
    for (const value of oddValues) {
      if (Object.is(value, item[key])) continue;
      yield { what: `${here.join('.')} = ${describe(value)}`, path: here.join('.'), item: replaced(item, key, value) };
    }
    for (const inner of oddFields(item[key], here)) yield { ...inner, item: replaced(item, key, inner.item) };
  }
}

function replaced(item: Record<string, unknown>, key: string, value: unknown): unknown {
  const copy: unknown = Array.isArray(item) ? [...item] : { ...item };
  if (!isRecord(copy)) return copy;
  if (value === absent) delete copy[key];
  else copy[key] = value;
  return copy;
}

/** Tries each odd form of an item; what fails is told with the form that it failed for. */
export async function tryOddItems(
  item: unknown,
  check: (odd: OddItem) => void | Promise<void>,
  isAsked: (path: string) => boolean = () => true,
): Promise<void> {
  for (const odd of oddItems(item)) {
    if (!isAsked(odd.path)) continue;
    try {
      await check(odd);
    } catch (cause) {
      throw new Error(`${odd.what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

/** A client whose every call answers so: for what the SDK itself would never decode into. */
// The boundary: a test's answer stands where the SDK's typed one would.
export const answering = <Client>(...answers: readonly unknown[]): Client => {
  let call = 0;
  return {
    send: async () => {
      const answer = answers[Math.min(call, answers.length - 1)];
      call += 1;
      return { $metadata: {}, ...(answer as object) };
    },
  } as Client;
};

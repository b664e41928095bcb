import * as z from 'zod';
import { keepJson, readJson, type Store } from '../aws/store.ts';
import { atMs } from '../text/plain-schemas.ts';
import type { BudgetDocument } from './core/budget.ts';
import { budgetKey } from './core/keys.ts';
import type { ActDoor } from './door.ts';

/** `budget/<cluster>.json`. */
export const budgetDocument: z.ZodType<BudgetDocument> = z.strictObject({
  version: z.literal(1),
  reservations: z.array(z.strictObject({ procedure: z.string().min(1), cause: z.string().min(1), atMs })),
  heldFromMs: atMs.exactOptional(),
});

/** The budget of one cluster in the bucket. The store's prefixes must hold `budget/`. */
export const openBudget = (store: Store, cluster: string): ActDoor['budget'] => ({
  fetch: () => readJson(store, budgetKey(cluster), budgetDocument),
  apply: (document, condition) => keepJson(store, budgetKey(cluster), document, condition, budgetDocument),
});

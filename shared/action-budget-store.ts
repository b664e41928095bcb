import * as z from 'zod';
import type { ActDoor } from './act-door.ts';
import type { BudgetDocument } from './action-budget.ts';
import { budgetKey } from './audit-keys.ts';
import { readJson, type Store, writeJson } from './store.ts';

const budgetDocument: z.ZodType<BudgetDocument> = z.strictObject({
  version: z.literal(1),
  reservations: z.array(
    z.strictObject({ procedure: z.string().min(1), cause: z.string().min(1), atMs: z.int().nonnegative() }),
  ),
});

/** The budget of one cluster in the bucket. The store's prefixes must hold `budget/`. */
export const openBudget = (store: Store, cluster: string): ActDoor['budget'] => ({
  fetch: () => readJson(store, budgetKey(cluster), budgetDocument),
  apply: (document, condition) => writeJson(store, budgetKey(cluster), document, condition),
});

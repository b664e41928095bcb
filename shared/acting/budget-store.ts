import * as z from 'zod';
import { readJson, type Store, writeJson } from '../aws/store.ts';
import type { BudgetDocument } from './core/budget.ts';
import { budgetKey } from './core/keys.ts';
import type { ActDoor } from './door.ts';

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

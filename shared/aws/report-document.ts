import * as z from 'zod';
import { namedValues } from '../text/plain-schemas.ts';

/** What is read back of a procedure's report: which source answered what. The rest is for people and programs of others. */
export const reportDocument = z.looseObject({ sources: namedValues(z.string()) });

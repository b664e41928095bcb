import * as z from 'zod';
import { fileSchema } from './file-schema.ts';

/** The text of mskeeper.schema.json, by which editors complete and check mskeeper.yml. */
export const formatJsonSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(fileSchema, { io: 'input' }), null, 2)}\n`;

/** Writes mskeeper.schema.json after the schema changed: `node infra/configuration/write-schema.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatJsonSchema } from './json-schema.ts';

writeFileSync(join(import.meta.dirname, '../../mskeeper.schema.json'), formatJsonSchema());

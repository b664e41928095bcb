import { type Shown, shown } from '../infra/terminal/shown.ts';
import { indented, type Look, onOneLine } from '../infra/terminal/table.ts';

/** The line of a document that cannot be read. The key is whoever put it there's own choice: JSON shows where it ends. */
export const renderDamaged = (key: string, message: string, look: Look): Shown =>
  indented(shown`damaged: `, `${quotedUnlessPlain(key)}: ${onOneLine(message)}`, look);

/** A key, an id or an ARN as it is, where no words of ours can hide in it; else as JSON, which shows where it ends. */
export const quotedUnlessPlain = (key: string): string =>
  /^[\w.,:=+@/-]{1,512}$/.test(key) ? key : JSON.stringify(key);

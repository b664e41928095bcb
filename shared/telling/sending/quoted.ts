import { escapeClusterText } from '../../text/cluster-text.ts';
import { redactText } from '../../text/redaction.ts';

/** Somebody else's words in one of our sentences: one line, nothing active, no secret, short. */
export const quoted = (text: string): string => escapeClusterText(redactText(text), 200);

/** What a shell takes as one word as it is. */
const oneWord = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/;

/**
 * A name for a command that people paste. A consumer group may be called anything at all: one that a shell would take for more
 * than a name is not in it, and a placeholder stands there.
 *
 * @param what the name is of: `group` leaves `GROUP`
 */
export const shellWordOf = (name: string, what: string): string => (oneWord.test(name) ? name : what.toUpperCase());

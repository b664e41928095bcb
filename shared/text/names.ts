import { attempt, entriesOfAny, itemsOfAny } from './any-value.ts';

/**
 * Names are identifiers: of topics, groups, clients, alarms and people. People and programs must find them again by the
 * letter, and a name may look like any secret. So documents say where their names stand, and redaction leaves those alone
 * wherever they stand whole: never is a name guessed from a text.
 */

/** Where Kafka's users chose the name that something is about: the subject of a finding, or of a change's key. */
const namedSubject = /^(?:[a-z-]+\|)?(?:topic|group) (?<name>.+)$/s;

/**
 * Fields that hold names and nothing else, in findings, targets, evidence, episodes, requests for approval. `names` is for
 * those that stand in a document's sentences alone.
 */
const nameField =
  /^(?:names|(?:topic|group|topicName|groupId|clientId|principal|alarm|alarmName)s?|alarmsServed|openedBy|changedBy|initiator|approvers?|by)$/;

/** Names lie no deeper: redaction leaves out what does. */
const deepest = 100;

/** Names by the places where a plain document says them, each once, the longest first, since one may begin as another does. */
export function namesIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  attempt(() => collectNames(value, names, []));
  return [...names].toSorted((left, right) => right.length - left.length);
}

function collectNames(value: unknown, names: Set<string>, ancestors: readonly object[]): void {
  if (typeof value !== 'object' || value === null || ancestors.includes(value) || ancestors.length >= deepest) return;
  const path = [...ancestors, value];
  for (const [key, item] of childrenOf(value)) {
    if (key === 'target') for (const name of textsOf(item)) names.add(name);
    if (typeof item === 'object') collectNames(item, names, path);
    for (const name of namesAt(key, item)) names.add(name);
  }
}

/** What lies in an object, a list, a map or a set. */
function childrenOf(value: object): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value].entries().toArray();
  return Array.isArray(value) ? itemsOfAny(value).entries().toArray() : entriesOfAny(value);
}

/** The target of an act is identifiers and numbers, whatever their fields are called. */
const textsOf = (target: unknown): readonly string[] =>
  typeof target === 'object' && target !== null
    ? entriesOfAny(target).flatMap(([, name]) => (typeof name === 'string' ? [name] : []))
    : [];

function namesAt(key: unknown, item: unknown): readonly string[] {
  if (typeof key !== 'string') return [];
  if (nameField.test(key))
    return (Array.isArray(item) ? itemsOfAny(item) : [item]).filter((name) => typeof name === 'string');
  if (typeof item !== 'string' || (key !== 'subject' && key !== 'key')) return [];
  const name = namedSubject.exec(item)?.groups?.name;
  return name === undefined ? [] : [name];
}

/** `555` may be a topic, and a word of a telephone number: no shape of a secret is so short, so it needs no mask. */
const isWordOfNumber = (name: string): boolean => name.length < 6 && !/[a-z]/i.test(name);

/** Glued to one of these a name is a part of something else: of a longer name, an address, a number. */
const gluedBefore = /[\w.+/=@-]$/;
const gluedAfter = /^(?:[\w+/=@-]|\.+[\w-])/;
/** `orders-12`: a partition is named after its topic. */
const partition = /^-(?:0|[1-9]\d{0,9})(?![\w+/=@-]|\.+[\w-])/;
const edge = /[\w.-]/;

/** A text whose names are hidden, and how to bring them back into what came of it. */
export type MaskedText = { readonly masked: string; readonly restore: (text: string) => string };

/** Hides each name that stands whole in the text, by itself or as a partition's, behind a mark that no pattern matches. */
export function maskNames(text: string, names: readonly string[]): MaskedText {
  const mark = unusedCharacter(text);
  const hidden: string[] = [];
  let masked = text;
  for (const name of names) {
    if (isWordOfNumber(name) || !masked.includes(name)) continue;
    const pieces: string[] = [];
    let from = 0;
    for (let at = masked.indexOf(name); at >= 0; at = masked.indexOf(name, Math.max(from, at + 1))) {
      const whole = wholeNameAt(masked, at, name);
      if (whole === undefined) continue;
      pieces.push(masked.slice(from, at), `${mark}${hidden.length}${mark}`);
      hidden.push(whole);
      from = at + whole.length;
    }
    masked = pieces.join('') + masked.slice(from);
  }
  const marks = new RegExp(`${mark}(\\d+)${mark}`, 'gu');
  return { masked, restore: (redacted) => redacted.replace(marks, (_all, index) => hidden[Number(index)] ?? '') };
}

/** The name, with the number of a partition behind it; undefined where it is a part of something else. */
function wholeNameAt(text: string, at: number, name: string): string | undefined {
  const last = name.at(-1) ?? '';
  if (edge.test(name.charAt(0)) && gluedBefore.test(text.slice(Math.max(0, at - 1), at))) return undefined;
  const after = text.slice(at + name.length, at + name.length + 20);
  if (!edge.test(last)) return name;
  const suffix = partition.exec(after)?.[0];
  if (suffix !== undefined) return name + suffix;
  return gluedAfter.test(after) ? undefined : name;
}

/** One of the characters that Unicode leaves to nobody, and this text does not use. */
function unusedCharacter(text: string): string {
  for (let code = 0xe000; code <= 0xf8ff; code += 1) {
    const character = String.fromCharCode(code);
    if (!text.includes(character)) return character;
  }
  // A text with all 6,400 of them is no name's, and what is made of it needs not be brought back.
  return '\ue000';
}

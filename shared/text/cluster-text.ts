import { maskNames } from './names.ts';
import { asCode, beginningOfPrintable, withUnseen } from './printable.ts';

/**
 * Text that came from the cluster or from outside (names of topics and groups, messages of brokers), made safe to stand in
 * a notification: beside what `printable` does, it cannot start a link, a mention, a tag or a formatting of any of the
 * channels. What is dangerous is written as `\u{…}`, so that the name can still be told exactly.
 */

/** Tags and Slack's `<!here>`, entities, mentions, code, bold and struck marks, table and link marks. */
const active = /[<>&@`*|[\]\\~]/g;
/** What mail programs and chats turn into links by themselves, and Slack's `:white_check_mark:`. */
const linkStart =
  /:(?=\/\/)|\b(?:mailto|tel|javascript|data):|\b(?:sms|sip|callto|msteams|slack|skype|xmpp|facetime|file|vbscript):(?=\S)|\bwww\.|(?<![\w:]):(?=[a-z][\w+-]*:)/gi;
/**
 * A dot before what may be a top-level domain, or the last one of an IPv4 address: chats, mail programs and telephones make
 * a link of `evil.example/sso` without any scheme. There are some 1,400 of these domains, and new ones, so every word of
 * letters counts: a dotted name is broken as well, visibly and in the way that people know from such reports.
 */
const hostDot =
  /(?<=[\p{L}\p{N}_-])\.(?=(?:xn--[\w-]+|\p{L}{2,63})(?![\p{L}\p{N}_-]))|(?<=(?<!\d)\d{1,3}\.\d{1,3}\.\d{1,3})\.(?=\d{1,3}(?!\d))/gu;
/** Browsers take these for dots, too. */
const otherDot = /[\u3002\uff0e\uff61]/g;
/** Words of Kafka and of mskeeper that a person is told to type, and that are no hosts. */
const ownWords = [
  'mskeeper.yml',
  'kafka-broker-api-versions.sh',
  'kafka-configs.sh',
  'kafka-consumer-groups.sh',
  'kafka-get-offsets.sh',
  'kafka-log-dirs.sh',
  'kafka-metadata-quorum.sh',
  'kafka-topics.sh',
  'advertised.listeners',
  'cleanup.policy',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
];
/** A page of ours: what is called so elsewhere is no host either. */
const ownPage = '(?<!/)docs/(?:runbook/)?[a-z]+(?:-[a-z]+)*\\[\\.\\]md';
/** As one of them looks once its dots are broken, standing by itself. */
const brokenOwnWord = new RegExp(
  `(?<![\\w.\\]-])(?:${[...ownWords.map((word) => word.replaceAll('.', '\\[\\.\\]')), ownPage].join('|')})(?![\\w/-]|\\[|\\.\\w|:\\w)`,
  'g',
);
/** A path, a port or a scheme: no topic's name has one. */
const addressMark = /[/:]/;

/** One line without anything active, at most `maxCharacters` long. */
export const escapeClusterText = (text: string, maxCharacters?: number): string =>
  fitEscaped(escapeActive(text), maxCharacters);

/**
 * The same for a sentence of somebody else, or one that holds such: a host in it reads `evil[.]example`, so that nothing
 * makes a link of it. Names that are told of stay by the letter: people type them into commands and look for them. Whoever
 * may create topics can so name a host at most; a name with a path or a port, as a group may have, is broken like all else.
 *
 * @param names identifiers that the text may hold, the longest first; see `namesIn`
 */
export function escapeForeignText(text: string, names: readonly string[], maxCharacters?: number): string {
  const { masked, restore } = maskNames(
    escapeActive(text),
    names.filter((name) => !addressMark.test(name)).map(escapeActive),
  );
  const broken = masked
    .replaceAll(hostDot, '[.]')
    .replaceAll(brokenOwnWord, (word) => word.replaceAll('[.]', '.'))
    .replaceAll(otherDot, asCode);
  return fitEscaped(restore(broken), maxCharacters);
}

/** All backslashes are escaped before `printable` sees the text, so it takes none of ours for somebody else's. */
const escapeActive = (text: string): string =>
  withUnseen(text.replaceAll(active, asCode)).replaceAll(
    linkStart,
    (start) => `${start.slice(0, -1)}${asCode(start.slice(-1))}`,
  );

/** What was escaped already, cut visibly where it is longer; no character and no escape is broken. */
export const fitEscaped = (escaped: string, maxCharacters = 2_000): string =>
  escaped.length <= maxCharacters ? escaped : `${beginningOfPrintable(escaped, maxCharacters - 1)}…`;

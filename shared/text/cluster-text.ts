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
/** Ours, and no domain. */
const ownFile = /(?<![\w.-])mskeeper\[\.\]yml(?![\w.-]*\w)/g;

/** One line without anything active, at most `maxCharacters` long. A host in it reads `evil[.]example`. */
export const escapeClusterText = (text: string, maxCharacters?: number): string =>
  cutTo(
    escapeActive(text).replaceAll(hostDot, '[.]').replaceAll(ownFile, 'mskeeper.yml').replaceAll(otherDot, asCode),
    maxCharacters,
  );

/** The same for what is ours or our users' own choice, such as a page of the runbook: hosts are left. */
export const escapeOwnText = (text: string, maxCharacters?: number): string => cutTo(escapeActive(text), maxCharacters);

const escapeActive = (text: string): string =>
  withUnseen(text.replaceAll(active, asCode)).replaceAll(
    linkStart,
    (start) => `${start.slice(0, -1)}${asCode(start.slice(-1))}`,
  );

const cutTo = (escaped: string, maxCharacters = 2_000): string =>
  escaped.length <= maxCharacters ? escaped : `${beginningOfPrintable(escaped, maxCharacters - 1)}…`;

/**
 * Secrets and personal data as they look inside a text. Every pattern is linear in the text's length. Order matters:
 * whole headers and blocks first, then pairs, then values that are recognisable by themselves.
 */
export type Shape = { readonly name: string; readonly pattern: RegExp; readonly replacement: string };

const secretWord =
  '(?:pass(?:word|wd|phrase|code)|pwd|secret(?:[-_.]?(?:access[-_.]?)?key)?|(?:[a-z]{1,20}[-_.]?)?token|api[-_.]?key|' +
  '(?:secret|private|access|routing|integration)[-_.]?key|sasl[-_.]?jaas[-_.]?config|client[-_.]?secret)';

/** Text shapes, in the order in which they are removed. */
export const textShapes: readonly Shape[] = [
  {
    name: 'PEM block',
    pattern: /-----BEGIN [A-Z0-9 ]{1,60}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,60}-----|$)/g,
    replacement: '[redacted PEM]',
  },
  {
    name: 'authorization header',
    pattern:
      /\b((?:proxy-)?authorization|(?:set-)?cookie|x-amz-security-token)(\\{0,4}["']?\s{0,4}[:=]\s{0,4})(?!\[redacted)[^\r\n}]+/gi,
    replacement: '$1$2[redacted]',
  },
  {
    name: 'SASL configuration',
    pattern: /\b(sasl[-_.]?jaas[-_.]?config)(\\{0,4}["']?\s{0,4}[:=]\s{0,4})(?!\[redacted)[^\r\n]+/gi,
    replacement: '$1$2[redacted]',
  },
  {
    name: 'SCRAM message',
    pattern: /\b(?:n,[^\s,]{0,80},)?(?:[cnr]=[^\s,]{1,400},){1,4}(?:(?:p|s|r)=[A-Za-z0-9+/=]{4,400})(?:,i=\d{1,9})?/g,
    replacement: '[redacted SASL]',
  },
  {
    name: 'bearer or basic credential',
    pattern: /\b(bearer|basic|token)\s{1,4}[A-Za-z0-9._~+/-]{12,}=*/gi,
    replacement: '$1 [redacted]',
  },
  {
    name: 'request signature',
    pattern: /\b(x-amz-(?:security-token|signature|credential)|signature|credential)=(?!\[redacted)[^&\s"',]{8,}/gi,
    replacement: '$1=[redacted]',
  },
  {
    name: 'password in an address',
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"']{0,200}:[^\s/@"']{1,200}@/gi,
    replacement: '$1[redacted]@',
  },
  {
    name: 'named secret',
    pattern: new RegExp(
      `\\b(${secretWord})(\\\\{0,4}["']?\\s{0,4}[:=]\\s{0,4})(?!\\\\{0,4}["']?\\[redacted)` +
        `(?:\\\\{1,4}"[^"\\\\]*\\\\{1,4}"|"[^"]*"|'[^']*'|[^\\s,;&"'}]+)`,
      'gi',
    ),
    replacement: '$1$2[redacted]',
  },
  { name: 'MSK IAM token', pattern: /\baHR0c[A-Za-z0-9_-]{40,}={0,2}/g, replacement: '[redacted token]' },
  {
    name: 'JSON web token',
    pattern: /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g,
    replacement: '[redacted token]',
  },
  {
    name: 'vendor token',
    pattern:
      /\b(?:xox[abeoprs]-[A-Za-z0-9-]{8,}|gh[opsru]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|[sr]k_(?:live|test)_\w{8,})/g,
    replacement: '[redacted token]',
  },
  {
    name: 'webhook address',
    pattern: /\bhttps:\/\/hooks\.[a-z0-9.-]{1,80}\/[^\s"'<>]+/gi,
    replacement: '[redacted address]',
  },
  { name: 'AWS key id', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,124}\b/g, replacement: '[redacted key]' },
  {
    // 40 characters of base64 that mix cases and digits; a git hash or a name in one case is left alone.
    name: 'AWS secret key',
    pattern:
      /(?<![A-Za-z0-9/+=_-])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])/g,
    replacement: '[redacted key]',
  },
  {
    name: 'e-mail address',
    pattern: /(?<![\w.%+-])[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g,
    replacement: '[redacted e-mail]',
  },
  {
    // E.164 with or without separators. A digit before the plus makes it a time zone's offset.
    name: 'international telephone number',
    pattern: /(?<![\w+])\+[1-9](?:[ ().\-/]{0,2}\d){7,14}(?!\d)/g,
    replacement: '[redacted telephone]',
  },
  {
    name: 'national telephone number',
    pattern: /(?<![\w.+/-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])(?!\.\d)/g,
    replacement: '[redacted telephone]',
  },
];

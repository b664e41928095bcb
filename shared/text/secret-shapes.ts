/**
 * Secrets and personal data as they look inside a text: the one list for what a run takes out of its texts and for what
 * mskeeper.yml refuses. Every pattern is linear in the text's length. Order matters: whole headers and blocks first,
 * then pairs, then values that are recognisable by themselves.
 */
export type SecretShape = {
  /** In the words of a refusal: "looks like a token". */
  readonly what: string;
  readonly pattern: RegExp;
  /** What a run writes in its place; without one it is left in texts of a run, where it is too common to be a secret. */
  readonly replacement?: string;
  /** Whether mskeeper.yml refuses it as a value. */
  readonly isRefused: boolean;
  /** By its own letters nothing but a secret, in whatever sentence: all that is asked of a comment. */
  readonly isPlainly?: true;
  /** Known by nothing but letters and length, which the name of a parameter or a secret may have as well. */
  readonly mayBeName?: true;
};

const secretWord =
  '(?:pass(?:word|wd|phrase|code)|pwd|secret(?:[-_.]?(?:access[-_.]?)?key)?|(?:[a-z]{1,20}[-_.]?)?token|api[-_.]?key|' +
  '(?:secret|private|access|routing|integration)[-_.]?key|sasl[-_.]?jaas[-_.]?config|client[-_.]?secret)';

/** `secret` in the ARN of a secret stands before its name. */
const notInArn = '(?<!:secretsmanager:[a-z0-9-]{0,30}:\\d{0,12}:)';

/** Whose addresses let anybody post who knows them. */
const webhookHosts =
  'hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/|events(?:\\.eu)?\\.pagerduty\\.com/integration/|' +
  '[a-z0-9-]{1,63}\\.webhook\\.office\\.com/|outlook\\.office(?:365)?\\.com/webhook/|discord(?:app)?\\.com/api/webhooks/|' +
  '[a-z0-9.-]{1,120}\\.logic\\.azure\\.com(?::443)?/workflows/|chat\\.googleapis\\.com/v1/spaces/';

const base64 = '[A-Za-z0-9+/]';

export const secretShapes: readonly SecretShape[] = [
  {
    what: 'a private key or certificate',
    pattern: /-----BEGIN [A-Z0-9 ]{1,60}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,60}-----|$)/g,
    replacement: '[redacted PEM]',
    isRefused: true,
    isPlainly: true,
  },
  {
    // A DER key or certificate, or an OpenSSH key, without its header: the first letters are those of its length and kind.
    what: 'a private key or certificate',
    pattern: new RegExp(
      `(?<![A-Za-z0-9+/=_-])(?:MI[GHI]|MH[cQ]|MC[4w]|ME[EI4]|b3BlbnNzaC1rZXkt)${base64}{48,}={0,2}` +
        `(?:(?:\\\\[rn]|\\s){1,4}${base64}{16,}={0,2})*`,
      'g',
    ),
    replacement: '[redacted PEM]',
    isRefused: true,
    isPlainly: true,
  },
  {
    what: 'an authorization header',
    pattern:
      /\b((?:proxy-)?authorization|(?:set-)?cookie|x-amz-security-token)(\\{0,4}["']?\s{0,4}[:=]\s{0,4})(?!\s*\[redacted)[^\r\n}]+/gi,
    replacement: '$1$2[redacted]',
    isRefused: false,
  },
  {
    what: 'a password or token',
    pattern: /\b(sasl[-_.]?jaas[-_.]?config)(\\{0,4}["']?\s{0,4}[:=]\s{0,4})(?!\s*\[redacted)[^\r\n]+/gi,
    replacement: '$1$2[redacted]',
    isRefused: true,
  },
  {
    what: 'a SCRAM message',
    pattern: /\b(?:n,[^\s,]{0,80},)?(?:[cnr]=[^\s,]{1,400},){1,4}(?:(?:p|s|r)=[A-Za-z0-9+/=]{4,400})(?:,i=\d{1,9})?/g,
    replacement: '[redacted SASL]',
    isRefused: true,
  },
  {
    what: 'a token',
    pattern: /\b(bearer|geniekey)\s{1,4}[A-Za-z0-9._~+/-]{8,}=*/gi,
    replacement: '$1 [redacted]',
    isRefused: true,
  },
  {
    // In the prose of a comment these are words before a word.
    what: 'a token',
    pattern: /\b(basic|token)\s{1,4}[A-Za-z0-9._~+/-]{12,}=*/gi,
    replacement: '$1 [redacted]',
    isRefused: false,
  },
  {
    what: 'a request signature',
    pattern: /\b(x-amz-(?:security-token|signature|credential)|signature|credential)=(?!\[redacted)[^&\s"',]{8,}/gi,
    replacement: '$1=[redacted]',
    isRefused: true,
  },
  {
    what: 'a password in an address',
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"']{0,200}:[^\s/@"']{1,200}@/gi,
    replacement: '$1[redacted]@',
    isRefused: true,
  },
  {
    what: 'a password or token',
    pattern: new RegExp(
      `${notInArn}\\b(${secretWord})(\\\\{0,4}["']?\\s{0,4}[:=]\\s{0,4})(?!\\\\{0,4}["']?\\[redacted)` +
        `(?:\\\\{1,4}"[^"\\\\]*\\\\{1,4}"|"[^"]*"|'[^']*'|[^\\s,;&"'}]+)`,
      'gi',
    ),
    replacement: '$1$2[redacted]',
    isRefused: true,
  },
  {
    // Of MSK's IAM sign-in.
    what: 'a token',
    pattern: /\baHR0c[A-Za-z0-9_-]{40,}={0,2}/g,
    replacement: '[redacted token]',
    isRefused: true,
    isPlainly: true,
  },
  {
    // A session token of AWS: the base64 of its first bytes, which name the service or the Region it is from.
    what: 'a token',
    pattern: new RegExp(`\\b(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQo[A-Z]ZXIvYXdz|AQoDYXdz)${base64}{16,}={0,2}`, 'g'),
    replacement: '[redacted token]',
    isRefused: true,
    isPlainly: true,
  },
  {
    what: 'a token',
    pattern: /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g,
    replacement: '[redacted token]',
    isRefused: true,
    isPlainly: true,
  },
  {
    // Slack, GitHub, Stripe, GitLab, npm, Google; Grafana, Vault, SendGrid, PyPI.
    what: 'a token',
    pattern:
      /\b(?:xox[abeoprs]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{16,}|gh[opsru]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|[sr]k_(?:live|test)_\w{8,}|gl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent)-[\w-]{16,}|npm_[A-Za-z0-9]{16,}|AIza[\w-]{35}(?![\w-])|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|glsa_\w{32,}|hvs\.[\w-]{24,}|SG\.[\w-]{20,}\.[\w-]{40,}|pypi-[\w-]{50,})/g,
    replacement: '[redacted token]',
    isRefused: true,
    isPlainly: true,
  },
  { what: 'a token', pattern: /\bsk-[\w-]{16,}/g, isRefused: true },
  {
    what: 'a webhook address, which is a token',
    pattern: new RegExp(`(?<![\\w.-])(?:https?://)?(?:${webhookHosts})[^\\s"'<>]+`, 'gi'),
    replacement: '[redacted address]',
    isRefused: true,
    isPlainly: true,
  },
  {
    what: 'a webhook address, which is a token',
    pattern: /\bhttps:\/\/hooks\.[a-z0-9.-]{1,80}\/[^\s"'<>]+/gi,
    replacement: '[redacted address]',
    isRefused: false,
  },
  {
    what: 'an AWS access key',
    pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,124}\b/g,
    replacement: '[redacted key]',
    isRefused: true,
    isPlainly: true,
  },
  { what: 'an AWS access key', pattern: /\b(?:AIDA|AROA)[A-Z0-9]{16}\b/g, isRefused: true },
  {
    // 40 characters of base64 that mix cases and digits; a git hash or a name in one case is left alone.
    what: 'an AWS secret key',
    pattern:
      /(?<![A-Za-z0-9/+=_-])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])/g,
    replacement: '[redacted key]',
    isRefused: true,
    mayBeName: true,
  },
  {
    // PagerDuty's key of a service. Git's and SHA-256's hashes are longer.
    what: 'an integration key',
    pattern: /(?<![\w/-])(?:[0-9a-f]{32}|[0-9A-F]{32})(?![\w-])/g,
    replacement: '[redacted key]',
    isRefused: true,
    mayBeName: true,
  },
  {
    // PagerDuty's key of a service, as it makes them now.
    what: 'an integration key',
    pattern: /(?<![\w/-])R0(?=[0-9A-Z]{0,29}[A-Z])[0-9A-Z]{30}(?![\w-])/g,
    replacement: '[redacted key]',
    isRefused: true,
    mayBeName: true,
  },
  { what: 'an integration key', pattern: /(?<![\w/-])[0-9a-f]{32,}(?![\w-])/gi, isRefused: true, mayBeName: true },
  {
    // The last part begins with a letter: `mskeeper@1.2.3` is a version.
    what: 'an e-mail address',
    pattern: /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z][A-Za-z0-9-]{0,62}/g,
    replacement: '[redacted e-mail]',
    isRefused: true,
  },
  {
    // E.164 with or without separators. A digit before the plus makes it a time zone's offset.
    what: 'a telephone number',
    pattern: /(?<![\w+])\+[1-9](?:[ ().\-/]{0,2}\d){7,14}(?!\d)/g,
    replacement: '[redacted telephone]',
    isRefused: true,
  },
  {
    // As people write it in Taiwan, Germany and the UK: 0 and the area's digits, apart from the rest. A date has no zero
    // before three or four digits, and an AWS account is twelve digits in one piece.
    what: 'a telephone number',
    pattern:
      /(?<![\w.+/:-])(?=\(?0(?:[()/ -]{0,2}\d){8})(?:\(0[1-9]\d{0,3}\) ?|0[1-9]\d{0,3}[ /-])\d{3,4}[ -]?\d{2,4}(?:[ -]?\d{1,4})?(?![\w-])(?![.:]\d)/g,
    replacement: '[redacted telephone]',
    isRefused: true,
  },
  {
    what: 'a telephone number',
    pattern: /(?<![\w.+/:-])0[1-9]\d{8,9}(?![\w-])(?![.:]\d)/g,
    replacement: '[redacted telephone]',
    isRefused: true,
  },
  {
    // As people write it in North America.
    what: 'a telephone number',
    pattern: /(?<![\w.+/-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])(?!\.\d)/g,
    replacement: '[redacted telephone]',
    isRefused: true,
  },
  {
    // Looser where every digit that is not a threshold is worth a question: shorter, or with 00 for the plus.
    what: 'a telephone number',
    pattern: /(?<![\w+])(?:\+|00)[1-9]\d{0,2}[\s().-]{0,4}\d(?:[\s().-]{0,4}\d){5,12}(?!\w)/g,
    isRefused: true,
  },
  {
    what: 'a telephone number',
    pattern: /^\(?\d{2,5}\)?[\s.-]\d{2,4}[\s.-]\d{3,5}(?:[\s.-]\d{2,5})?$/g,
    isRefused: true,
  },
];

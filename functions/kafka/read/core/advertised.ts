import { splitServers } from '../../../../shared/core/bootstrap-servers.ts';
import { type BootstrapRule, isMskHost } from './bootstrap.ts';

/** One way of writing a host: small letters, no dot at the end, an IPv6 address in its short form and without brackets. */
const canonical = (host: string): string => {
  const plain = host.toLowerCase().replace(/\.$/, '');
  if (!plain.includes(':')) return plain;
  const address = URL.parse(`http://[${plain}]`);
  return address === null ? plain : address.hostname.slice(1, -1);
};

const hostOf = (server: string): string => canonical(server.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1'));

/** Labels of a name of DNS; undefined for an address, and for what resolvers take for one (`127.1`, `0x7f000001`). */
const labelsOf = (host: string): readonly string[] | undefined => {
  const labels = host.split('.');
  const isName = labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return isName && !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '') ? labels : undefined;
};

/** Domains under which anybody gets a name: registries such as `co.uk`, and clouds that name what their users make. */
const isForAnybody = (domain: string): boolean =>
  /^(ac|co|com|edu|go|gob|gov|ltd|me|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}$/.test(domain) ||
  /(^|\.)(amazonaws\.com(\.cn)?|cloudapp\.(net|azure\.com)|azure\.com|windows\.net|googleusercontent\.com|run\.app)$/.test(
    domain,
  );

const isBelow = (host: string, domain: string): boolean => host.endsWith(`.${domain}`);

/** A name beside or below a configured one: whoever gives out the one name gives out the other. */
const isRelated = (host: string, configured: string): boolean => {
  const [, ...parent] = labelsOf(configured) ?? [];
  if (labelsOf(host) === undefined || parent.length === 0) return false;
  const domain = parent.join('.');
  return isBelow(host, configured) || (parent.length > 1 && !isForAnybody(domain) && isBelow(host, domain));
};

/**
 * Why the address that a broker advertises must not be connected to; undefined where it may. What a broker lists is its
 * word and no more, and the user's password goes to whoever is there: so it must be one of MSK's hosts in the Region, or a
 * host of the `bootstrap` setting, on any port, or one beside or below such a host in its domain.
 */
export const refusalOfAdvertised = (
  { host, port }: { readonly host: string; readonly port: number },
  { region, bootstrap }: BootstrapRule,
): string | undefined => {
  const wanted = canonical(host);
  if (isMskHost(wanted, region)) return undefined;
  const configured = splitServers(bootstrap ?? '').map(hostOf);
  if (configured.some((known) => known === wanted || isRelated(wanted, known))) return undefined;
  const ours =
    configured.length === 0 ? `an MSK cluster in ${region}` : `the configured cluster (${configured.join(', ')})`;
  return (
    `advertised as ${JSON.stringify(host.slice(0, 255))}, port ${port}, which is no host of ${ours}: not connected, no credentials sent. ` +
    'Name its host in `bootstrap` of mskeeper.yml, or correct advertised.listeners of the broker'
  );
};

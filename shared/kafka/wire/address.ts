import { fitUtf8 } from '../../text/utf8.ts';

/** DNS knows no longer name (RFC 1035); an IPv6 address with its zone is shorter. */
export const maximumHostCharacters = 255;

/** Control characters and blanks, which no name and no address has. */
const unspeakable = /[\s\p{Cc}]/u;

/**
 * Why nothing can be connected to: brokers, or what answers in their place, advertise their own addresses, and an empty
 * host would be this machine to Node. Undefined where it is worth a try.
 */
export const addressFault = (host: string, port: number): string | undefined => {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `${port} is no port: those go from 1 to 65535`;
  if (host === '') return 'its host is empty';
  if (host.length > maximumHostCharacters) return `its host has ${host.length} characters, and no name has that many`;
  if (unspeakable.test(host)) return 'its host has a blank or a control character in it';
  return undefined;
};

/** `host:port` for people, on one line. */
export const addressText = (host: string, port: number): string =>
  `${unspeakable.test(host) ? JSON.stringify(fitUtf8(host, 100)) : fitUtf8(host, maximumHostCharacters)}:${port}`;

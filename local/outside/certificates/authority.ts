import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, constructed, identifier, integer, octets, primitive, sequence, set, text, time, yes } from './der.ts';

/** Key and certificate of one host, as PEM. */
type HostCertificate = { readonly key: string; readonly cert: string };

/** An authority of this process alone: its key is in no file, and it ends with the process. */
export type Authority = {
  /** What a client has to trust, as PEM. */
  readonly certificate: string;
  /** For a host by its name; the same for the same name. */
  issue(host: string): HostCertificate;
};

const dayMs = 86_400_000;
/** Clients judge by the machine's clock, also where the world's is elsewhere. */
const validMs = 7 * dayMs;

/**
 * Makes an authority in some milliseconds: Node signs, but knows no certificates, and openssl would be a tool that a
 * newcomer's machine may lack. P-256 and SHA-256, a week's life, names in subjectAltName. Source: RFC 5280.
 *
 * @param nowMs the machine's clock
 */
export function makeAuthority(nowMs: number = Date.now()): Authority {
  const { publicKey, privateKey } = newKey();
  const name = nameOf('mskeeper local authority of the world outside');
  const keyId = idOf(publicKey);
  const make = (of: Omit<Contents, 'issuer' | 'nowMs'>): string =>
    pem(signed({ ...of, issuer: name, nowMs }, privateKey));
  const issued = new Map<string, HostCertificate>();
  return {
    certificate: make({
      subject: name,
      publicKey,
      extensions: [
        extension('2.5.29.19', sequence(yes), { isCritical: true }), // basicConstraints: an authority
        extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), { isCritical: true }), // keyUsage: keyCertSign, cRLSign
        extension('2.5.29.14', octets(keyId)),
      ],
    }),
    issue: (host) => {
      const known = issued.get(host);
      if (known !== undefined) return known;
      const own = newKey();
      const cert = make({
        subject: nameOf('mskeeper local world outside'),
        publicKey: own.publicKey,
        extensions: [
          extension('2.5.29.19', sequence(), { isCritical: true }), // basicConstraints: no authority
          extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), { isCritical: true }), // keyUsage: digitalSignature
          extension('2.5.29.37', sequence(identifier('1.3.6.1.5.5.7.3.1'))), // extendedKeyUsage: serverAuth
          extension('2.5.29.17', sequence(primitive(2, Buffer.from(host)))), // subjectAltName: dNSName
          extension('2.5.29.35', sequence(primitive(0, keyId))), // authorityKeyIdentifier
        ],
      });
      const certificate = { key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
      issued.set(host, certificate);
      return certificate;
    },
  };
}

type Contents = {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly nowMs: number;
};

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const bytesOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const idOf = (key: KeyObject): Buffer => createHash('sha1').update(bytesOf(key)).digest();
const nameOf = (commonName: string): Buffer => sequence(set(sequence(identifier('2.5.4.3'), text(commonName))));
const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));

const extension = (id: string, value: Buffer, { isCritical = false } = {}): Buffer =>
  sequence(identifier(id), ...(isCritical ? [yes] : []), octets(value));

function signed({ subject, issuer, publicKey, extensions, nowMs }: Contents, privateKey: KeyObject): Buffer {
  const version3 = constructed(0, integer(Buffer.from([2])));
  // Whatever chance gives: above zero, and of the full length.
  const serial = integer(Buffer.concat([Buffer.from([0x4d]), randomBytes(15)]));
  const validity = sequence(time(nowMs - dayMs), time(nowMs + validMs));
  const rest = [issuer, validity, subject, bytesOf(publicKey), constructed(3, sequence(...extensions))];
  const toBeSigned = sequence(version3, serial, ecdsaWithSha256, ...rest);
  return sequence(toBeSigned, ecdsaWithSha256, bits(sign('sha256', toBeSigned, privateKey)));
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}(?!$)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** A file of an archive. `mode` is its Unix permission bits. */
export type ZipEntry = { readonly path: string; readonly mode: number; readonly bytes: Uint8Array };

/** Bytes that are no archive, or one that this small reader does not understand. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endBytes = 22;
const longestComment = 65_535;

/**
 * Reads the files of an archive by its central directory: stored and deflated ones, as deployment packages have them.
 * Source: PKWARE APPNOTE 6.3, sections 4.3 and 4.4.
 *
 * @throws ZipError for what is no archive, is encrypted, needs zip64, or would be written outside its folder
 */
export function readZip(archive: Uint8Array): readonly ZipEntry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(bytes);
  const entryCount = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (entryCount === 0xffff || at === 0xffffffff) throw new ZipError('zip64 archives are not read here');
  const entries: ZipEntry[] = [];
  for (let index = 0; index < entryCount; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== directoryEntry) {
      throw new ZipError('the directory of the archive is cut off');
    }
    const nameBytes = bytes.readUInt16LE(at + 28);
    const path = bytes.toString('utf8', at + 46, at + 46 + nameBytes);
    if (!path.endsWith('/')) entries.push({ path: safePath(path), ...readEntry(bytes, at, path) });
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Unpacks an archive into a folder. */
export async function unzipInto(archive: Uint8Array, directory: string): Promise<void> {
  for (const { path, mode, bytes } of readZip(archive)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes, { mode: mode === 0 ? 0o644 : mode });
  }
}

function readEntry(bytes: Buffer, at: number, path: string): Omit<ZipEntry, 'path'> {
  if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw new ZipError(`${path} is encrypted`);
  const method = bytes.readUInt16LE(at + 10);
  const packedBytes = bytes.readUInt32LE(at + 20);
  const unpackedBytes = bytes.readUInt32LE(at + 24);
  const local = bytes.readUInt32LE(at + 42);
  // The local header repeats the name and has an extra field of its own length.
  const dataAt = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(dataAt, dataAt + packedBytes);
  if (method !== 0 && method !== 8) throw new ZipError(`${path} is packed by method ${method}, which is not read here`);
  const unpacked = method === 0 ? packed : inflateRawSync(packed);
  if (unpacked.length !== unpackedBytes)
    throw new ZipError(`${path} has ${unpacked.length} bytes, not ${unpackedBytes}`);
  return { mode: (bytes.readUInt32LE(at + 38) >>> 16) & 0o777, bytes: unpacked };
}

/** The end record stands last, before a comment of unknown length. */
function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - endBytes; at >= Math.max(0, bytes.length - endBytes - longestComment); at -= 1) {
    if (bytes.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new ZipError('not a zip archive');
}

function safePath(path: string): string {
  if (path.startsWith('/') || path.includes('\\') || path.split('/').includes('..')) {
    throw new ZipError(`${path} points outside the archive`);
  }
  return path;
}

import { promisify } from 'node:util';
import { gunzip, inflateRaw } from 'node:zlib';

/**
 * Takes one file out of an archive that is in memory. No name in the archive ever becomes a path on this machine, so
 * `../`, absolute names and links have nothing to lead astray; what comes out is capped. Throws an `Error` that says
 * what is wrong with the archive; null where it has no such regular file.
 */
export async function takeFromArchive(
  archive: Buffer,
  wanted: { format: 'tar.gz' | 'zip'; entry: string; bytesMax: number },
): Promise<Buffer | null> {
  try {
    return wanted.format === 'zip'
      ? await takeFromZip(archive, wanted)
      : takeFromTar(await unzip(archive, { maxOutputLength: wanted.bytesMax }), wanted.entry);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the archive is damaged (${reason})`, { cause });
  }
}

const unzip = promisify(gunzip);
const inflate = promisify(inflateRaw);

const BLOCK = 512;

/** POSIX ustar: blocks of 512 bytes, a header (name at 0, size in octal at 124, type at 156) before each content. */
function takeFromTar(tar: Buffer, entry: string): Buffer | null {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = Number.parseInt(textAt(header, 124, 12), 8);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (!(size >= 0) || content.length !== size) throw new Error('an entry is cut off');
    const isFile = header[156] === 0 || header[156] === 0x30;
    if (isFile && tarName(header) === entry) return content;
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}

function tarName(header: Buffer): string {
  const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : '';
  const name = textAt(header, 0, 100);
  return (prefix === '' ? name : `${prefix}/${name}`).replace(/^\.\//, '');
}

function textAt(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end).trim();
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/** APPNOTE.TXT 4.3: the directory at the end tells where each entry lies; 64-bit archives are not read. */
async function takeFromZip(
  zip: Buffer,
  { entry, bytesMax }: { entry: string; bytesMax: number },
): Promise<Buffer | null> {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(END_OF_DIRECTORY);
  const end = zip.lastIndexOf(signature);
  if (end === -1) throw new Error('no directory at its end');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('its directory is cut off');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === entry && !isZipLink(zip, at)) return zipContent(zip, at, bytesMax);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return null;
}

/** The upper half of the external attributes is the Unix mode where the archive was made there. */
function isZipLink(zip: Buffer, at: number): boolean {
  return zip.readUInt32LE(at + 38) >>> 28 === 0xa;
}

async function zipContent(zip: Buffer, at: number, bytesMax: number): Promise<Buffer> {
  const method = zip.readUInt16LE(at + 10);
  const packedSize = zip.readUInt32LE(at + 20);
  const size = zip.readUInt32LE(at + 24);
  const local = zip.readUInt32LE(at + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + packedSize);
  if (method !== STORED && method !== DEFLATED) throw new Error(`unknown packing ${method}`);
  const content = method === STORED ? packed : await inflate(packed, { maxOutputLength: bytesMax });
  if (content.length !== size) throw new Error('an entry is cut off');
  return content;
}

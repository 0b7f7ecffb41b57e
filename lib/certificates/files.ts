import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { EvidenceFile } from '../model/certificate.ts';

/** Name, length and SHA-256 of a file as it lies on the disk; O(bytes), in pieces. */
export async function evidenceFile(path: string): Promise<EvidenceFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { name: basename(path), sha256: hash.digest('hex'), bytes };
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asRunFailure, writeArtefact } from '../../lib/artefacts/write.ts';
import { certificateOf } from '../../lib/certificates/certificate.ts';
import { evidenceFile } from '../../lib/certificates/files.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import type { EvidenceFile } from '../../lib/model/certificate.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { foundInRun, inRun } from './run-files.ts';

/** The path of an invariant's certificate, whether there is one or not. */
export const certificatePath = (folder: string, invariant: string): string =>
  join(inRun(folder, 'certificates'), `${invariant}.json`);

/**
 * Writes `certificates/<invariant>.json` for each violation, and removes those of an earlier judgement. The same files
 * give the same bytes. Throws a `RunFailure` where that cannot be done.
 */
export async function writeCertificates(
  folder: string,
  evidence: Evidence,
  findings: readonly Finding[],
): Promise<void> {
  const violations = findings.filter((finding) => finding.value === 'violated');
  const place = inRun(folder, 'certificates');
  try {
    await rm(place, { recursive: true, force: true });
    if (violations.length === 0) return;
    await mkdir(place);
  } catch (cause) {
    throw asRunFailure(place, cause);
  }
  const files = await evidenceFiles(folder);
  for (const violation of violations) {
    const { invariant } = violation;
    const claim = invariants.find(({ id }) => id === invariant)?.statement ?? invariant;
    const certificate = certificateOf(evidence, violation, { claim, files });
    if (certificate === null) continue;
    const text = `${JSON.stringify(certificate, null, 2)}\n`;
    await writeArtefact(certificatePath(folder, invariant), text);
  }
}

/** Those that the judge reads; plain, or packed where that is what there is. */
async function evidenceFiles(folder: string): Promise<EvidenceFile[]> {
  const names = ['intents', 'fixture', 'history', 'state'] as const;
  const paths = names.flatMap((name) => foundInRun(folder, name) ?? []);
  return Promise.all(paths.map(evidenceFile));
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { certificateOf } from '../../lib/certificates/certificate.ts';
import { evidenceFile } from '../../lib/certificates/files.ts';
import type { Violation } from '../../lib/certificates/proof.ts';
import { operationAt } from '../../lib/history/history.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import type { Certificate } from '../../lib/model/certificate.ts';
import { type Result, recheck } from '../../recheck/recheck.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onsale-recheck-'));
  folders.push(folder);
  return folder;
}

/** The run's files as a runner leaves them, as far as a certificate rests on them. */
export async function writeRun(
  evidence: Evidence,
  folder: string,
): Promise<Certificate['evidence']> {
  const { history, fixture, intents, state, historyComplete } = evidence;
  const lines = Array.from({ length: history.length }, (_, i) =>
    JSON.stringify(operationAt(history, i)),
  );
  const load = { complete: historyComplete, recorded: history.length };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ load }));
  const files = [
    ['fixture.json', JSON.stringify(fixture)],
    ['intents.json', JSON.stringify(intents)],
    ['history.ndjson', lines.map((line) => `${line}\n`).join('')],
    ...(state === null ? [] : [['state.json', JSON.stringify(state)]]),
  ] as [string, string][];
  const evidenceFiles = [];
  for (const [name, content] of files) {
    await writeFile(join(folder, name), content);
    evidenceFiles.push(await evidenceFile(join(folder, name)));
  }
  return evidenceFiles;
}

export function violationsOf(evidence: Evidence, only?: readonly string[]): Violation[] {
  return decideAll(evidence, only).filter((finding) => finding.value === 'violated');
}

export function certified(
  evidence: Evidence,
  finding: Violation,
  files: Certificate['evidence'] = [],
): Certificate {
  return certificateOf(evidence, finding, { claim: 'A claim', files })!;
}

/** Rechecks what lies in memory, through a file as anybody would. */
export async function recheckText(
  text: string,
  folder: string,
  run: string | null = null,
): Promise<Result> {
  const path = join(folder, 'certificate.json');
  await writeFile(path, text);
  return recheck(path, run);
}

export const recheckOf = (
  certificate: unknown,
  folder: string,
  run: string | null = null,
): Promise<Result> => recheckText(JSON.stringify(certificate), folder, run);

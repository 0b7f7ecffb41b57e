import { readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { type Manifest, manifestSchema } from '../../lib/model/manifest.ts';
import { inRun } from './run-files.ts';

/** Writes the manifest anew with what is given; troubles are added to those before. */
export type ManifestRecord = (update: Partial<Manifest>) => Promise<void>;

/** Writes a run's first manifest. It is written anew with every step, so that a killed run tells how far it came. */
export async function openManifest(folder: string, first: Manifest): Promise<ManifestRecord> {
  let manifest = first;
  const record: ManifestRecord = async (update) => {
    const trouble = [...manifest.trouble, ...(update.trouble ?? [])];
    manifest = { ...manifest, ...update, trouble };
    await write(folder, manifest);
  };
  await record({});
  return record;
}

/** A run whose recording is whole, and whose user gave up on it while it was judged. */
export async function markInterrupted(folder: string): Promise<void> {
  const manifest = await readArtefact(inRun(folder, 'manifest'), manifestSchema, 'a manifest');
  await write(folder, { ...manifest, status: 'interrupted', stage: 'judged' });
}

function write(folder: string, manifest: Manifest): Promise<void> {
  return writeArtefact(inRun(folder, 'manifest'), `${JSON.stringify(manifest, null, 2)}\n`);
}

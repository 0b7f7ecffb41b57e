import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readArtefactText } from '../artefacts/read.ts';
import { writeArtefact } from '../artefacts/write.ts';
import { UsageFailure } from '../model/failure.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';
import { comparePlaces } from './leases.ts';
import {
  identifyProcess,
  placeSchema,
  processIdentitySchema,
  stateOfProcess,
  thisPlace,
} from './process-identity.ts';

/** In every run's folder: which process works there. Tells a run that goes on from one that was killed. */
const OWNER_FILE = '.onsale-run';
const ownerSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  owner: processIdentitySchema,
  place: placeSchema,
});

const ELSEWHERE_MS = 7 * 24 * 3600_000;

/** Marks the folder as a run's and this process as the one that works there. */
export async function ownRunFolder(folder: string): Promise<void> {
  const owner = await identifyProcess(process.pid);
  const content = { schemaVersion: SCHEMA_VERSION, owner, place: await thisPlace() };
  await writeArtefact(join(folder, OWNER_FILE), `${JSON.stringify(content)}\n`);
}

/**
 * Who works in a run's folder: `somebody`, `nobody` any more, or null where the mark is missing or unreadable. The
 * word of another machine or container is believed for a week.
 */
export async function ownerOfRun(path: string): Promise<'somebody' | 'nobody' | null> {
  const file = join(path, OWNER_FILE);
  const written = await readJson(file, ownerSchema);
  if (written === null) return null;
  const place = comparePlaces(written.place, await thisPlace());
  const believed =
    place === 'elsewhere'
      ? Date.now() - (await stat(file)).mtimeMs < ELSEWHERE_MS
      : place === 'here' && (await stateOfProcess(written.owner)) !== 'gone';
  return believed ? 'somebody' : 'nobody';
}

/** A small JSON file, null where it is missing or is not what it should be. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const text = await readArtefactText(path, 'a file of a run', { bytesMax: 1_000_000 });
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (cause) {
    if (cause instanceof UsageFailure || cause instanceof SyntaxError) return null;
    throw cause;
  }
}

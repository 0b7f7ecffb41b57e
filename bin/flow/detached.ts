import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readArtefact } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import {
  identifyProcess,
  processIdentitySchema,
  stateOfProcess,
} from '../../lib/run/process-identity.ts';
import { endProcess } from '../../lib/run/sweep.ts';
import { userFolders } from '../../lib/run/user-folders.ts';
import type { Reference } from './reference.ts';

/** What `target up --detach` leaves for `target down`. */
const detachedSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  process: processIdentitySchema,
  url: z.string(),
});
export type Detached = z.infer<typeof detachedSchema>;

const STOP_LIMIT_MS = 20_000;

const recordPath = () => join(userFolders(process.env).state, 'reference.json');

/** Holds the secrets for the shell that wants them, readable by its owner alone. */
export const environmentPath = (): string => join(userFolders(process.env).state, 'reference.env');

/** The detached reference service that runs now; null where there is none. */
export async function findDetached(): Promise<Detached | null> {
  const record = await readArtefact(
    recordPath(),
    detachedSchema,
    'a note about a running target',
  ).catch((error: unknown) => {
    if (error instanceof UsageFailure) return null;
    throw error;
  });
  if (record === null || (await stateOfProcess(record.process)) !== 'runs') return null;
  return record;
}

export async function noteDetached(running: {
  pid: number;
  url: string;
  environment: Reference['environment'];
}): Promise<void> {
  const identity = await identifyProcess(running.pid);
  if (identity === null) throw new Error('the reference service ended right after its start');
  const { url, environment } = running;
  const note: Detached = { schemaVersion: SCHEMA_VERSION, process: identity, url };
  await writeArtefact(recordPath(), JSON.stringify(note), { mode: 0o600 });
  await writeEnvironment(environment);
}

/** The file that a shell sources to give `run` the secrets that it needs. */
export async function writeEnvironment(environment: Reference['environment']): Promise<void> {
  const lines = Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`,
  );
  await mkdir(dirname(environmentPath()), { recursive: true, mode: 0o700 });
  await writeArtefact(environmentPath(), lines.join(''), { mode: 0o600 });
}

/** Ends it, by process id and start time; false where none runs. */
export async function stopDetached(): Promise<boolean> {
  const running = await findDetached();
  if (running !== null && !(await endProcess(running.process, STOP_LIMIT_MS)))
    throw new RunFailure({
      expected: 'the reference service to end',
      got: `process ${running.process.pid} still running`,
      where: recordPath(),
      remedy: 'End it by hand.',
    });
  for (const path of [recordPath(), environmentPath()]) await rm(path, { force: true });
  return running !== null;
}

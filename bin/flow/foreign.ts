import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ZodType } from 'zod';
import { readArtefact } from '../../lib/artefacts/read.ts';
import { asRunFailure, writeArtefact } from '../../lib/artefacts/write.ts';
import { readHistory } from '../../lib/history/read.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { type Fixture, fixtureSchema } from '../../lib/model/fixture.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { type IntentsFile, intentsFileSchema } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import { type State, stateSchema } from '../../lib/model/state.ts';
import { projectRoot } from '../../lib/run/project-root.ts';
import { createRunFolder } from '../../lib/run/run-folder.ts';
import { onsaleVersion } from '../version.ts';
import { poolsIn } from './foreign-pools.ts';
import {
  refuseOtherTime,
  refuseOtherTimes,
  refuseSenselessFixture,
  refuseSenselessPlan,
} from './foreign-sense.ts';
import { inRun } from './run-files.ts';
import { readSlaFile } from './sla-file.ts';

/** A history that another tool recorded, and what its bearer says about it: files and flags as they were given. */
export interface ForeignRun {
  /** A path, or `-` for standard input. */
  readonly history: string;
  readonly state?: string | undefined;
  readonly intents?: string | undefined;
  readonly sla?: string | undefined;
  /** `<id>=<capacity>`, at least one where there is no fixture, and none beside one. */
  readonly pool: readonly string[];
  /** A path; says more of the sale than its pools: rules, prices, seats, buyers and their credit. */
  readonly fixture?: string | undefined;
  readonly name?: string | undefined;
  /** Absent where nobody speaks of clocks. */
  readonly clockErrorMs?: number | undefined;
  readonly historyComplete: boolean;
  readonly loadDelivered: boolean;
  readonly exclusive: boolean;
}

/** The folder under runs/ of all that was recorded elsewhere. */
const SCENARIO = 'imported';
/** Promises nothing about speed. */
const DEFAULT_SLA = join(projectRoot, 'thresholds', 'invariants.yaml');
const NAME_LENGTH_MAX = 100;
/** Of one clock that counts whole milliseconds. */
const RESOLUTION_MS = 1;

/**
 * Makes a run's folder of it, `runs/imported/<UTC time>/`, that can be judged and reported like any other; returns its
 * path. What is not known is left unknown: there is no plan, no seed and no account of the load. Everything is checked
 * before; of what cannot be used nothing is left behind.
 * @throws {UsageFailure} for the first thing that cannot be used, naming file and line or key.
 */
export async function importForeign(given: ForeignRun, runsFolder: string): Promise<string> {
  const provisioned = await readProvisioned(given);
  const sla = await readSlaFile(given.sla ?? DEFAULT_SLA);
  const state =
    given.state === undefined ? null : await readGiven('state', given.state, stateSchema);
  const planned =
    given.intents === undefined
      ? null
      : await readGiven('intents', given.intents, intentsFileSchema);
  refuseSenseless(given, { provisioned, planned, state });
  const createdAt = new Date();
  const folder = await createRunFolder(runsFolder, SCENARIO, createdAt);
  try {
    const { operations, digest } = await takeOver(given.history, folder);
    const runId = planned?.runId ?? `imported-${digest.slice(0, 12)}`;
    const intents = planned ?? { schemaVersion: SCHEMA_VERSION, runId, intents: [] };
    const name = (given.name ?? nameOf(given.history)).slice(0, NAME_LENGTH_MAX);
    const fixture: Fixture = {
      schemaVersion: SCHEMA_VERSION,
      access: state?.access ?? 'http',
      event: name,
      buyers: [],
      baselineOrders: [],
      ...provisioned,
      exclusive: given.exclusive || provisioned.exclusive === true,
    };
    await writeArtefact(inRun(folder, 'sla'), sla.text);
    await writeJson(inRun(folder, 'intents'), intents);
    await writeJson(inRun(folder, 'fixture'), fixture);
    if (state !== null) await writeJson(inRun(folder, 'state'), state);
    const manifest = manifestOf(given, { runId, name, operations, createdAt });
    await writeArtefact(inRun(folder, 'manifest'), `${JSON.stringify(manifest, null, 2)}\n`);
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What is known of the sale as it was before the first operation. */
async function readProvisioned({
  fixture,
  pool,
}: ForeignRun): Promise<Pick<Fixture, 'pools'> & Partial<Fixture>> {
  if (fixture === undefined) return { pools: poolsIn(pool) };
  if (pool.length === 0) return readGiven('fixture', fixture, fixtureSchema);
  throw new UsageFailure({
    expected: '--pool or --fixture',
    got: 'both',
    where: 'the command line',
    remedy: 'The fixture names the pools already: leave out --pool, or change the file.',
  });
}

interface Read {
  readonly provisioned: Pick<Fixture, 'pools'> & Partial<Fixture>;
  readonly planned: IntentsFile | null;
  readonly state: State | null;
}

function refuseSenseless(given: ForeignRun, { provisioned, planned, state }: Read): void {
  const { pools, buyers = [] } = provisioned;
  refuseSenselessFixture(provisioned, given.fixture ?? '--pool');
  if (planned !== null) refuseSenselessPlan(planned.intents, { pools, buyers }, given.intents!);
  if (state !== null) refuseOtherTime(state.readAt, `${given.state}, readAt`);
}

const documents = { fixture: 'a fixture', intents: 'a plan of intents', state: 'a final state' };

/** A document that another tool wrote: its writer looks up what has to be in it. */
function readGiven<T>(name: keyof typeof documents, path: string, schema: ZodType<T>): Promise<T> {
  return readArtefact(path, schema, documents[name], {
    remedy:
      `Look it up in docs/history-format.md, section "${name}.json"; its JSON Schema is ` +
      `schemas/${name}.schema.json.`,
  });
}

const writeJson = (path: string, value: unknown): Promise<void> =>
  writeArtefact(path, `${JSON.stringify(value)}\n`);

const nameOf = (history: string): string =>
  history === '-' ? 'standard input' : basename(history).replace(/(\.ndjson|\.jsonl)?(\.gz)?$/, '');

interface Known {
  readonly runId: string;
  readonly name: string;
  readonly operations: number;
  readonly createdAt: Date;
}

function manifestOf(given: ForeignRun, known: Known): Manifest {
  const { clockErrorMs, historyComplete, loadDelivered } = given;
  return {
    schemaVersion: SCHEMA_VERSION,
    runId: known.runId,
    scenario: SCENARIO,
    target: known.name,
    url: '',
    plan: null,
    versions: { onsale: onsaleVersion, node: process.versions.node, k6: null },
    createdAt: known.createdAt.toISOString(),
    status: 'complete',
    stage: 'judged',
    trouble: [],
    load: null,
    imported: {
      operations: known.operations,
      clockErrorMs: clockErrorMs ?? RESOLUTION_MS,
      vouched: { historyComplete, loadDelivered, clocks: clockErrorMs !== undefined },
    },
  };
}

/** Copies the history into the folder, packed where it is, and reads it once: one line that is none refuses it all. */
async function takeOver(
  history: string,
  folder: string,
): Promise<{ operations: number; digest: string }> {
  const said = history === '-' ? 'standard input' : history;
  const copy = inRun(folder, 'history');
  const { digest, packed } = await copyTo(copy, { history, said });
  if (packed) await rename(copy, `${copy}.gz`);
  const reading = await readHistory(copy).catch((error: unknown) => {
    // The copy is about to go: what its bearer can look at is what was given.
    if (!(error instanceof UsageFailure)) throw error;
    throw new UsageFailure({ ...error.parts, where: said });
  });
  const [first] = reading.damage;
  if (first === undefined) {
    refuseOtherTimes(reading.history, said);
    return { operations: reading.history.length, digest };
  }
  const others = reading.damaged === 1 ? '' : `, and ${reading.damaged - 1} more such lines`;
  throw new UsageFailure({
    expected: 'one operation a line, as docs/history-format.md describes it',
    got: `${first.what}${others}`,
    where: `${said}:${first.line}`,
    remedy: 'Correct the recorder; schemas/operation.schema.json is the schema of a line.',
  });
}

async function copyTo(
  copy: string,
  { history, said }: { history: string; said: string },
): Promise<{ digest: string; packed: boolean }> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  const from: Readable = history === '-' ? process.stdin : createReadStream(history);
  const to = createWriteStream(copy, { flags: 'wx' });
  try {
    await pipeline(
      from,
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          hash.update(piece);
          if (head.length < 2) head = Buffer.concat([head, piece.subarray(0, 2)]);
          yield piece;
        }
      },
      to,
    );
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === 'write' || syscall === 'fsync') throw asRunFailure(copy, cause);
    throw new UsageFailure({
      expected: 'a history that can be read',
      got: code ?? String(cause),
      where: said,
      remedy: 'Check the path.',
      cause,
    });
  }
  return { digest: hash.digest('hex'), packed: head[0] === 0x1f && head[1] === 0x8b };
}

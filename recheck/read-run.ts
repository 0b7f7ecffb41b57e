import { existsSync } from 'node:fs';
import type { Scope } from './checks/registry.ts';
import { type Facts, hasMarkOf, type Row } from './facts.ts';
import { required } from './files.ts';
import type { Certificate } from './read-certificate.ts';
import { readHistory } from './read-history.ts';
import { readMoney } from './read-money.ts';
import { readFixture, readPlan, readState } from './read-sale.ts';
import { anything, flag, nullable, number, optional, pick, Unusable, whole } from './shape.ts';

/** Everything that a run's files say about what a certificate is about, read anew. */
export interface Run extends Facts {
  /** Requests of the certificate's own that are nowhere in the history, and rows likewise. */
  readonly missing: { readonly operations: number; readonly rows: number };
  /** Millisecond clocks cannot be surer than this. */
  readonly clockErrorMsMin: number;
}

/** Throws an {@link Unusable} for a folder that is no run, or a file that cannot be read. */
export async function readRun(folder: string, of: Certificate, scope: Scope): Promise<Run> {
  if (!existsSync(folder)) throw new Unusable('the run: expected a folder that exists');
  const manifest = await readManifest(folder);
  const plan = await readPlan(folder);
  const fixture = await readFixture(folder);
  const state = await readState(folder, fixture);
  const hasMoney = of.money !== undefined && scope === 'intent';
  const money = hasMoney ? await readMoney(folder, of, state.rows) : null;
  const shown = intentsShown(of);
  const inScope = ({ pool, intent, id }: Pick<Row, 'pool' | 'intent'> & { id?: string }) =>
    money === null && scope === 'shown'
      ? shown.has(intent) || of.rows.some((row) => row.id === id)
      : money !== null
        ? money.isSubject(intent)
        : scope === 'pool'
          ? pool === of.about.pool
          : intent === of.about.intent;
  const unknownKeys = new Set(state.rows.map((row) => row.intent ?? ''));
  for (const key of plan.keys) unknownKeys.delete(key);
  const history = await readHistory(folder, {
    of,
    inScope,
    see: (operation) => money?.see(operation),
    pools: fixture.pools,
    unknownKeys,
    mayBeOf: (intent) => {
      const buyer = fixture.buyers[plan.places.get(intent) ?? -1];
      return buyer === undefined || buyer === of.about.buyer;
    },
  });
  const isStranger = ({ intent }: Row) =>
    intent === null || (unknownKeys.has(intent) && !hasMarkOf(plan.runId, intent));
  const buyers = new Set(fixture.buyers);
  const isNameless = namelessIn(state.rows, { buyers, isStranger });
  const rows = state.rows.filter(inScope);
  const texts = new Set(state.rows.map((row) => JSON.stringify(row)));
  return {
    runId: plan.runId,
    clockErrorMs: of.clockErrorMs,
    clockErrorMsMin: manifest.clockErrorMs,
    about: of.about,
    pool: fixture.poolOf(of.about.pool, state),
    operations: history.operations,
    rows,
    allOperations: true,
    allRows: true,
    allReturns: true,
    mixed: history.mixed,
    triedElsewhere: history.triedElsewhere,
    cancelled: new Set(state.rows.filter((row) => row.status === 'cancelled').map(keyOfRow)),
    isStranger,
    named: new Set(state.rows.flatMap(({ intent }) => intent ?? [])),
    namelessRows: state.rows.filter(isNameless),
    isNameless,
    isOurs: ({ intent, buyer }) => intent === null && buyers.has(buyer),
    buyerOf: (intent) => fixture.buyers[plan.places.get(intent) ?? -1],
    knownPools: fixture.pools,
    money: money?.sum(history.operations) ?? null,
    restsOn: {
      history: {
        // The judge may have had more reason to doubt; never less.
        complete:
          of.restsOn.history.complete &&
          manifest.isComplete(history.restsOn.operations, history.damaged),
        ...history.restsOn,
      },
      plan: {
        intents: plan.keys.size,
        planned: of.about.intent !== null && plan.keys.has(of.about.intent),
      },
      fixture: {
        exclusive: fixture.exclusive,
        baselineOrders: fixture.baselineOrders.length,
        ...(fixture.rules === null ? {} : { rules: fixture.rules }),
      },
      state: state.restsOn(state.rows.filter(isNameless), { pools: fixture.pools, buyers }),
    },
    shown: of,
    missing: {
      operations: history.missing,
      rows: of.rows.filter((row) => !texts.has(JSON.stringify(row))).length,
    },
  };
}

/** Whose operations and rows count where the claim is about what is shown: of the intents that have any of it. */
function intentsShown({ operations, rows }: Certificate): ReadonlySet<string | null> {
  const shown = new Set<string | null>([...operations, ...rows].map(({ intent }) => intent));
  shown.delete(null);
  return shown;
}

const keyOfRow = ({ intent }: Row) => intent ?? '';

/** Where rows name buyers, those of the run; else all, unless any row names an intent of the run. */
function namelessIn(
  rows: readonly Row[],
  of: { readonly buyers: ReadonlySet<string>; readonly isStranger: (row: Row) => boolean },
): (row: Row) => boolean {
  if (rows.some(({ buyer }) => of.buyers.has(buyer))) {
    return ({ intent, buyer }) => intent === null && of.buyers.has(buyer);
  }
  const namesSome = rows.some((row) => !of.isStranger(row));
  return ({ intent }) => intent === null && !namesSome;
}

async function readManifest(folder: string) {
  const manifest = await required(folder, 'manifest.json');
  const load = pick(manifest, 'manifest', 'load', nullable(anything));
  const imported = (manifest as { imported?: unknown }).imported;
  const clockErrorMs =
    imported === undefined
      ? 1 + measuredClockErrorMs(load)
      : pick(imported, 'imported', 'clockErrorMs', number(0, 60_000));
  const promised = (): { complete: boolean; operations: number } => {
    if (imported !== undefined) {
      const vouched = pick(imported, 'imported', 'vouched', anything);
      return {
        complete: pick(vouched, 'vouched', 'historyComplete', flag),
        operations: pick(imported, 'imported', 'operations', whole(0)),
      };
    }
    if (load === null) return { complete: false, operations: 0 };
    return {
      complete: pick(load, 'load', 'complete', flag),
      operations: pick(load, 'load', 'recorded', whole(0)),
    };
  };
  const { complete, operations } = promised();
  return {
    clockErrorMs,
    isComplete: (read: number, damaged: number) => complete && damaged === 0 && read === operations,
  };
}

/** What the run's own clocks were seen to be off by, beyond their milliseconds; nothing where nobody looked. */
function measuredClockErrorMs(load: unknown): number {
  const clock = (load as { clock?: { targetDriftMs?: unknown } } | null)?.clock;
  if (clock === undefined) return 0;
  const some = number(0, Number.MAX_VALUE);
  const driftMs = optional(some, 0)(clock.targetDriftMs, 'clock.targetDriftMs');
  return pick(clock, 'clock', 'deviationMsMax', some) + driftMs;
}

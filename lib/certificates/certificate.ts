import { CANCEL, INFO, isAcquire, OK, operationAt, PAY } from '../history/history.ts';
import { ANYBODY } from '../history/nameless-rows.ts';
import type { Evidence } from '../invariants/invariant.ts';
import { type Sale, saleOf } from '../invariants/sale.ts';
import type { Certificate, CertifiedPool, EvidenceFile, RestsOn } from '../model/certificate.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';
import { caseOf, type Proof, type Violation } from './proof.ts';
import { proofs } from './registry.ts';

/** What a certificate says beside its proof. */
export interface Surroundings {
  /** The invariant's plain statement. */
  readonly claim: string;
  /** The files the evidence was read from. */
  readonly files: readonly EvidenceFile[];
}

/**
 * The certificate of a violation that was found in just this evidence; null for an invariant that has no way to prove
 * one in the registry. Pure; O(operations + rows).
 */
export function certificateOf(
  evidence: Evidence,
  finding: Violation,
  { claim, files }: Surroundings,
): Certificate | null {
  const prove = proofs.get(finding.invariant);
  if (prove === undefined) return null;
  const sale = saleOf(evidence);
  const proof = prove(caseOf(evidence, finding));
  const { key, pool, asked, operations, rows, counts, money, buyer, from, to } = proof;
  return {
    schemaVersion: SCHEMA_VERSION,
    runId: evidence.intents.runId,
    invariant: finding.invariant,
    claim,
    summary: finding.summary,
    about: {
      pool: pool === null ? null : sale.pools[pool]!.id,
      intent: key,
      ...(buyer === undefined ? {} : { buyer }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
    asked,
    clockErrorMs: evidence.clockErrorMs,
    pools: pool === null ? [] : [certifiedPool(evidence, sale, pool)],
    operations: [...operations].sort((a, b) => a - b).map((i) => operationAt(evidence.history, i)),
    rows: [...rows].sort((a, b) => a - b).map((row) => sale.rows[row]!),
    counts,
    ...(money === undefined ? {} : { money }),
    restsOn: restsOn(evidence, sale, proof),
    evidence: [...files],
  };
}

/** Counters that the shop tells twice in different ways are not told. */
function certifiedPool(evidence: Evidence, sale: Sale, pool: number): CertifiedPool {
  const { id, capacity } = sale.pools[pool]!;
  const only = (told: readonly { remaining: number | null }[]) =>
    told.length > 0 && told.every(({ remaining }) => remaining === told[0]!.remaining)
      ? told[0]!.remaining
      : null;
  const counters = (evidence.state?.pools ?? [])
    .filter((pool) => pool.id === id)
    .flatMap((pool) => pool.counters ?? []);
  const named = (each: { readonly id: string }) => each.id === id;
  return {
    id,
    capacity,
    remainingBefore: only(evidence.fixture.pools.filter(named)),
    remainingAfter: only((evidence.state?.pools ?? []).filter(named)),
    ...(counters.length === 0 ? {} : { counters }),
  };
}

function restsOn(evidence: Evidence, sale: Sale, { key, pool, buyer }: Proof): RestsOn {
  const { history, fixture, intents, state } = evidence;
  let lastEnd = Number.NEGATIVE_INFINITY;
  let backward = 0;
  let ticketsElsewhere = 0;
  let givenBack = 0;
  for (let i = 0; i < history.length; i++) {
    if (history.end[i]! > lastEnd) lastEnd = history.end[i]!;
    if (history.end[i]! < history.start[i]!) backward++;
    const mayHaveBought = history.outcome[i] === OK || history.outcome[i] === INFO;
    if (mayHaveBought && history.kind[i] === CANCEL) givenBack++;
    if (mayHaveBought && isAcquire(history, i) && sale.operationPool[i]! < 0)
      ticketsElsewhere += history.quantity[i]!;
  }
  return {
    history: {
      complete: evidence.historyComplete,
      operations: history.length,
      lastEnd: history.length === 0 ? null : lastEnd,
      backward,
      mixedIntents: sale.mixedIntents,
      ticketsElsewhere,
      ...(givenBack === 0 ? {} : { givenBack }),
      ...(pool === null || buyer === undefined ? {} : boughtByBuyer(evidence, sale, buyer)),
    },
    plan: {
      intents: intents.intents.length,
      planned: key !== null && intents.intents.some((intent) => intent.key === key),
    },
    fixture: {
      exclusive: fixture.exclusive === true,
      baselineOrders: fixture.baselineOrders.length,
      ...(fixture.rules === undefined ? {} : { rules: fixture.rules }),
    },
    state:
      state === null
        ? null
        : {
            settled: state.settled,
            complete: state.complete,
            exhaustive: state.exhaustive,
            keepsCancelled: state.keepsCancelled,
            mayLag: state.mayLag === true,
            repeatedIds: state.orders.length - new Set(state.orders.map(({ id }) => id)).size,
            ...namelessRows(sale),
            cancelledRows: sale.rows.filter(({ status }) => status === 'cancelled').length,
            readAt: state.readAt,
          },
  };
}

function namelessRows({ nameless, rowPool }: Sale) {
  const placeless = nameless.places.filter((row) => rowPool[row]! < 0).length;
  return {
    ...(nameless.count === 0 ? {} : { namelessRows: nameless.count }),
    ...(nameless.byBuyer ? { namesBuyers: true as const } : {}),
    ...(placeless === 0 ? {} : { placelessRows: placeless }),
  };
}

function boughtByBuyer({ history, fixture }: Evidence, { nameless }: Sale, buyer: string) {
  const number = new Set(fixture.buyers.map(({ id }) => id));
  const owner = [...number].indexOf(buyer);
  let bought = 0;
  for (let i = 0; i < history.length; i++) {
    const isDeed = isAcquire(history, i) || history.kind[i] === PAY;
    if (!isDeed || (history.outcome[i] !== OK && history.outcome[i] !== INFO)) continue;
    const whose = nameless.buyerOfIntent[history.intent[i]!];
    if (whose === owner || whose === ANYBODY) bought++;
  }
  return bought === 0 ? {} : { boughtByBuyer: bought };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../../lib/certificates/proof.ts';
import { historyOf } from '../../lib/history/columns.ts';
import { operationAt } from '../../lib/history/history.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { decideAll, invariants } from '../../lib/invariants/registry.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import type { Certificate } from '../../lib/model/certificate.ts';
import { sale } from '../invariants/notation.ts';
import { oracleRuns, SEED, someOf } from '../invariants/oracle-runs.ts';
import { evidenceFrom, type Sizes, smallSale } from '../invariants/small-sales.ts';
import { certified, newFolder, recheckOf, violationsOf, writeRun } from './certified.ts';
import { violated } from './violated.ts';

const SALES = oracleRuns(100);
const TIME_LIMIT_MS = 60_000 + SALES * 60;
const murky: Sizes = { operationsMax: 7, quantityMax: 3, poolsMax: 2, retries: true, murky: true };
const run = { numRuns: SALES, seed: SEED };

/** A clock of whole milliseconds, as every recorder has one. */
const withClock = (evidence: Evidence): Evidence => ({
  ...evidence,
  clockErrorMs: Math.max(evidence.clockErrorMs, 1),
});

describe(`random sales, seed ${SEED}`, () => {
  it(
    'whatever the judge finds violated is certified, and its run bears that out',
    async () => {
      const folder = await newFolder();
      let found = 0;
      await fc.assert(
        fc.asyncProperty(smallSale(murky), async (small) => {
          const evidence = withClock(evidenceFrom(small));
          const violations = violationsOf(evidence);
          if (violations.length === 0) return;
          const files = await writeRun(evidence, folder);
          for (const finding of violations) {
            found++;
            const certificate = certified(evidence, finding, files);
            const result = await recheckOf(certificate, folder, folder);
            expect(result, result.lines.join('\n')).toMatchObject({ code: 0 });
          }
        }),
        run,
      );
      expect(found).toBeGreaterThan(SALES / 10);
    },
    TIME_LIMIT_MS,
  );

  it(
    'whatever the judge does not find violated is proved by no certificate, forged for it as it would be if it were',
    async () => {
      const folder = await newFolder();
      await fc.assert(
        fc.asyncProperty(smallSale(murky), fc.nat(), async (small, at) => {
          const evidence = withClock(evidenceFrom(small));
          const innocent = decideAll(evidence).filter(({ value }) => value !== 'violated');
          const files = await writeRun(evidence, folder);
          for (const { invariant } of innocent) {
            const finding = accusation(invariant, evidence, at);
            if (finding === null) continue;
            const certificate = certified(evidence, finding, files);
            for (const folderOfRun of [null, folder]) {
              const { code, lines } = await recheckOf(certificate, folder, folderOfRun);
              expect(code, `${invariant}\n${lines.join('\n')}`).not.toBe(0);
            }
          }
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );
});

/** A finding without a ground, about some operation, row and pool that there are. */
function accusation(invariant: string, evidence: Evidence, at: number): Violation | null {
  const { history } = evidence;
  const { rows, pools } = saleOf(evidence);
  if (invariant === 'phantom-order' ? rows.length === 0 : history.length === 0) return null;
  const { capacity } = pools[0]!;
  return {
    invariant,
    value: 'violated',
    count: 1,
    summary: '',
    witness: {
      operations: history.length === 0 ? [] : [operationAt(history, at % history.length)],
      rows: rows.slice(at % Math.max(rows.length, 1), (at % Math.max(rows.length, 1)) + 1),
      pools: [{ id: pools[0]!.id, capacity, remaining: null }],
      figures: { capacity, heldMost: at % 4 },
    },
  };
}

const samples = Object.entries(violated)
  .flatMap(([invariant, notations]) =>
    Object.entries(notations).map(([name, notation]) => ({ invariant, name, notation })),
  )
  .map((sample, part) => ({ ...sample, part }));

/** Every place in a JSON document that holds no list and no object. */
function leavesOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function changed(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let inner = copy;
  for (const key of path.slice(0, -1)) inner = inner[key] as typeof copy;
  inner[path.at(-1)!] = to;
  return copy;
}

function othersThan(value: unknown): unknown[] {
  if (typeof value === 'boolean') return [!value, null];
  if (typeof value === 'number')
    return [value + 1, value - 1, 0, null].filter((one) => one !== value);
  if (value === null) return ['b1', 0, true];
  const words = ['ok', 'refused', 'info', 'live', 'cancelled', 'A', 'onsale-r1-1', 'sold-out'];
  const names = invariants.some(({ id }) => id === value) ? invariants.map(({ id }) => id) : [];
  return [...words, ...names, `${value}x`].filter((one) => one !== value);
}

/** Every field of a certificate with every other value that is tried for it. */
function changesOf(genuine: Certificate) {
  return leavesOf(genuine).flatMap((path) => {
    const value = path.reduce<unknown>((at, key) => (at as never)[key], genuine);
    return othersThan(value).map((other) => ({ path, other }));
  });
}

/** One in so many changes is tried of each sample, others of the next and with each seed; in the long mode all. */
const CHANGES_STEP = 8;

describe(`tampering, seed ${SEED}`, () => {
  it.each(samples)(
    '$invariant, $name: no single field can be changed against the run',
    async ({ invariant, notation, part }) => {
      const evidence = sale(notation);
      const [finding] = violationsOf(evidence, [invariant]);
      const folder = await newFolder();
      const genuine = certified(evidence, finding!, await writeRun(evidence, folder));
      for (const { path, other } of someOf(changesOf(genuine), CHANGES_STEP, part)) {
        if (['claim', 'summary'].includes(String(path[0]))) continue;
        const forged = changed(genuine, path, other);
        const { code } = await recheckOf(forged, folder, folder);
        const mayDiffer = ['invariant', 'clockErrorMs', 'restsOn.history.complete'].includes(
          path.join('.'),
        );
        const stillTrue = mayDiffer && isStillTrue(forged as Certificate, evidence);
        expect(code === 0 && !stillTrue, `${path.join('.')} = ${JSON.stringify(other)}`).toBe(
          false,
        );
      }
    },
  );

  /** Another claim that is violated too, a larger clock error, or less completeness than there was, is no lie. */
  function isStillTrue(forged: Certificate, evidence: Evidence): boolean {
    const { invariant, clockErrorMs, asked, restsOn } = forged;
    if (clockErrorMs < evidence.clockErrorMs || (asked !== null && asked < 1)) return false;
    const weaker = { ...evidence, clockErrorMs, historyComplete: restsOn.history.complete };
    return (
      (!restsOn.history.complete || evidence.historyComplete) &&
      decideAll(weaker, [invariant])[0]!.value === 'violated'
    );
  }

  it.each(samples)(
    '$invariant, $name: by itself it proves only what the judge finds in what it shows',
    async ({ invariant, notation, part }) => {
      const evidence = sale(notation);
      const [finding] = violationsOf(evidence, [invariant]);
      const folder = await newFolder();
      const genuine = certified(evidence, finding!);
      const unchanged = { path: ['runId'], other: genuine.runId };
      for (const { path, other } of [
        unchanged,
        ...someOf(changesOf(genuine), CHANGES_STEP, part),
      ]) {
        const forged = changed(genuine, path, other) as Certificate;
        const { code } = await recheckOf(forged, folder);
        if (code !== 0) continue;
        const judged = decideAll(shownBy(forged), [forged.invariant])[0]!.value;
        expect(judged, `${path.join('.')} = ${JSON.stringify(other)}`).toBe('violated');
      }
    },
  );
});

/** The sale that a certificate tells of, for the judge. */
function shownBy(certificate: Certificate): Evidence {
  const { operations, rows, pools, restsOn, runId, about, money } = certificate;
  const base = sale('A 1; F: b1×1 A');
  const planned = restsOn.plan.planned && about.intent !== null ? [about.intent] : [];
  if (money !== undefined && about.intent === null) planned.push(...keysOfBuyer(certificate));
  if (about.buyer !== undefined) {
    planned.push(...keysShown(certificate).slice(0, restsOn.plan.intents));
  }
  const others = Array.from(
    { length: restsOn.plan.intents - planned.length },
    (_, i) => `other-${i}`,
  );
  return {
    ...base,
    history: historyOf(operations),
    historyComplete: restsOn.history.complete,
    clockErrorMs: certificate.clockErrorMs,
    fixture: {
      ...base.fixture,
      exclusive: restsOn.fixture.exclusive,
      ...(restsOn.fixture.rules === undefined ? {} : { rules: restsOn.fixture.rules }),
      buyers: withOthers(buyersOf(certificate, planned.length), others),
      baselineOrders: Array.from({ length: restsOn.fixture.baselineOrders }, (_, i) => `old-${i}`),
      pools: [
        ...pools.map(({ id, capacity, remainingBefore }) => ({
          id,
          name: id,
          capacity,
          remaining: remainingBefore,
          ...priceIn(money, id),
        })),
        ...(money?.prices ?? [])
          .filter(({ pool }) => pool !== pools[0]?.id)
          .map(({ pool, price }) => ({ id: pool, name: '', capacity: 9, remaining: 9, price })),
        ...poolsElsewhere(certificate),
      ],
    },
    intents: {
      ...base.intents,
      runId,
      intents: [...planned, ...others].map((key) => ({ key, pool: 0, quantity: 1, offsetMs: 0 })),
    },
    state:
      restsOn.state === null
        ? null
        : {
            ...base.state!,
            ...pick(restsOn.state, [
              'settled',
              'complete',
              'exhaustive',
              'keepsCancelled',
              'mayLag',
              'readAt',
            ]),
            orders: [...rows],
            pools: pools.map(({ id, remainingAfter }) => ({ id, remaining: remainingAfter })),
            ...(money === undefined ? {} : moneyIn(money)),
          },
  };
}

/** Where no tickets went to pools that the fixture does not know, those that operations may have taken some of are in it. */
function poolsElsewhere({ pools, operations, money, restsOn }: Certificate) {
  if (restsOn.history.ticketsElsewhere > 0) return [];
  const told = new Set([...pools.map(({ id }) => id), ...(money?.prices ?? []).map((p) => p.pool)]);
  const taking = operations.filter(
    ({ kind, outcome }) => /^(purchase|hold)$/.test(kind) && /^(ok|info)$/.test(outcome),
  );
  return [...new Set(taking.map(({ pool }) => pool))]
    .filter((id) => !told.has(id))
    .map((id) => ({ id, name: id, capacity: 1_000_000, remaining: null }));
}

type Money = NonNullable<Certificate['money']>;

function priceIn(money: Money | undefined, id: string): { price?: number } {
  const told = money?.prices.find(({ pool }) => pool === id);
  return told === undefined ? {} : { price: told.price };
}

function keysShown({ operations, rows, money }: Certificate): string[] {
  const named = [...operations, ...rows, ...(money?.payments ?? [])].map(({ intent }) => intent);
  return [...new Set(named.filter((intent) => intent !== null))];
}

/** All of them that what is shown names; made-up ones where none is shown, for a buyer has at least so many. */
function keysOfBuyer(certificate: Certificate): string[] {
  const keys = keysShown(certificate);
  const lacking = certificate.money!.intents - keys.length;
  return [...keys, ...Array.from({ length: lacking }, (_, i) => `own-${i}`)];
}

/** Where buyers are named at all, the intents that are not shown have theirs: what was not recorded is not of nobody. */
const withOthers = (named: Evidence['fixture']['buyers'], others: readonly string[]) =>
  named.length === 0 ? [] : [...named, ...others.map((id) => ({ id }))];

function buyersOf(
  { money, about, restsOn }: Certificate,
  planned: number,
): Evidence['fixture']['buyers'] {
  const { buyer } = about;
  if (buyer !== undefined) return Array.from({ length: planned }, () => ({ id: buyer }));
  if (money === undefined || money.buyer === null) return [];
  const own = { id: money.buyer, ...(money.before === null ? {} : { credit: money.before }) };
  // An intent's buyer may have others; those of the plan that are not shown come last.
  const others = about.intent === null ? 0 : money.intents - 1;
  if (restsOn.plan.intents === 0) return [own];
  return Array.from({ length: planned + Math.max(0, others) }, () => own);
}

function moneyIn({ buyer, after, payments, counts }: Money) {
  const nameless = Array.from({ length: counts.namelessPayments }, (_, i) => ({
    ...{ id: `nameless-${i}`, order: null, intent: null },
    ...{ amount: 1, status: 'charged' as const },
  }));
  return {
    ...(buyer === null || after === null ? {} : { accounts: [{ buyer, credit: after }] }),
    ...(payments === null ? {} : { payments: [...payments, ...nameless] }),
  };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

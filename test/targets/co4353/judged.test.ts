import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyOf } from '../../../lib/history/columns.ts';
import { decideAll } from '../../../lib/invariants/registry.ts';
import {
  type Operation,
  type OperationKind,
  operationSchema,
} from '../../../lib/model/operation.ts';
import type { Plan } from '../../../lib/model/plan.ts';
import { co4353 } from '../../../lib/targets/co4353/target.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { raceUntil } from '../../race.ts';
import { expired, letTimePass, quiet, type Shop, startBench } from '../../target/co4353/shop.ts';
import { act, askedFor, overSql, provisioned, type Run } from './scene.ts';

let bench: Awaited<ReturnType<typeof startBench>>;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

/** For stories in which time runs out. */
const HOLD_MS = 2000;
const GRACE_MS = 500;

/** A sale as k6 would play it, with what is recorded of it. */
interface Sale {
  readonly shop: Shop;
  readonly ask: (i: number, kind: OperationKind, order?: string) => Promise<Operation>;
  /** Everybody of [from, to) holds at once; those who got a ticket. */
  readonly rush: (from: number, to: number) => Promise<readonly (readonly [number, string])[]>;
}

function saleOn(shop: Shop, run: Run, history: Operation[]): Sale {
  let session = 0;
  const ask: Sale['ask'] = async (i, kind, order) => {
    session += 1;
    const common = { session, intent: run.intents.intents[i]!.key, kind };
    const [pool, start] = [run.fixture.pools[0]!.id, Date.now()];
    const { told, ...reading } = await act(
      shop,
      run,
      i,
      kind,
      order === undefined ? {} : { order },
    );
    const times = {
      quantity: 1,
      pool,
      start,
      end: Date.now(),
      status: 0,
      reply: told.slice(0, 300),
    };
    const operation = operationSchema.parse({ ...common, ...times, ...reading });
    history.push(operation);
    return operation;
  };
  const rush: Sale['rush'] = async (from, to) => {
    const buyers = Array.from({ length: to - from }, (_, i) => from + i);
    const held = await Promise.all(buyers.map(async (i) => [i, await ask(i, 'hold')] as const));
    return held.flatMap(([i, { outcome, order }]) =>
      outcome === 'ok' && order !== undefined ? [[i, order] as const] : [],
    );
  };
  return { shop, ask, rush };
}

/** The ids of the claims that the judge finds violated in a sale of a shop with this flaw. */
async function violatedBy(
  flaw: string | null,
  { buyers, capacity, holdMs }: Pick<Plan, 'buyers' | 'capacity'> & { holdMs: number },
  story: (sale: Sale) => Promise<void>,
): Promise<string[]> {
  const shop = await bench.open(flaw === null ? [] : [flaw], { hold: `${holdMs}ms` });
  try {
    const connection = overSql(shop, { options: [`hold=${holdMs}ms`, `grace=${GRACE_MS}ms`] });
    const run = await provisioned(connection, askedFor(buyers, { capacity }));
    const history: Operation[] = [];
    await story(saleOn(shop, run, history));
    const { fixture, intents, secrets } = run;
    const request = { target: co4353, connection, fixture, intents, secrets };
    const state = await readFinalState({ ...request, quietMs: 500 });
    const ordered = history.toSorted((a, b) => a.start - b.start);
    const evidence = {
      ...{ history: historyOf(ordered), historyComplete: true, clockErrorMs: 1 },
      ...{ fixture: { ...fixture, exclusive: true }, intents, state },
    };
    return decideAll(evidence)
      .filter(({ value }) => value === 'violated')
      .map(({ invariant }) => invariant)
      .sort();
  } finally {
    await shop.stop();
  }
}

const sellOut = async ({ rush }: Sale) => {
  await rush(0, 120);
};
/** Nothing expires: what the event service never heard of is as if it had not been once it is over. */
const SOLD_OUT = { buyers: 120, capacity: 40, holdMs: 60_000 };

/** All are left to expire; when that is over, others come. */
const letExpire = async ({ rush, shop }: Sale) => {
  await rush(0, 80);
  await sleep(HOLD_MS + GRACE_MS + 500);
  await quiet(shop);
  await rush(80, 84);
};
const EXPIRED = { buyers: 84, capacity: 80, holdMs: HOLD_MS };

/** All are over at the same moment, which a database can be told and a clock cannot. */
const expireAtOnce = async ({ rush, shop }: Sale) => {
  await rush(0, 80);
  await letTimePass(shop);
  await expired(shop);
};
const AT_ONCE = { buyers: 80, capacity: 100, holdMs: 60_000 };

/** All but one pay, each five times at the same moment; the last one when its hold is over. */
const payOftenAndLate = async ({ ask, rush, shop }: Sale) => {
  const held = await rush(0, 6);
  const [[late, over] = [0, ''], ...others] = held;
  await quiet(shop);
  const often = others.flatMap((one) => Array.from({ length: 5 }, () => one));
  await Promise.all(often.map(([i, order]) => ask(i, 'pay', order)));
  await sleep(HOLD_MS + GRACE_MS + 300);
  await ask(late, 'pay', over);
};
const PAID = { buyers: 6, capacity: 5, holdMs: HOLD_MS };

test('a sale, its expiry, a repeated and a late payment at a correct shop accuse nobody', async () => {
  expect(await violatedBy(null, SOLD_OUT, sellOut)).toEqual([]);
  expect(await violatedBy(null, EXPIRED, letExpire)).toEqual([]);
  expect(await violatedBy(null, AT_ONCE, expireAtOnce)).toEqual([]);
  expect(await violatedBy(null, PAID, payOftenAndLate)).toEqual([]);
});

test.each([
  [
    'check-then-act',
    SOLD_OUT,
    sellOut,
    ['oversell-final', 'oversell-instant', 'stock-conservation'],
  ],
  ['counters-diverge', SOLD_OUT, sellOut, ['stock-conservation']],
  ['hold-never-released', EXPIRED, letExpire, ['false-sold-out', 'leaked-hold']],
  ['double-release', AT_ONCE, expireAtOnce, ['stock-conservation']],
  ['paid-after-expiry', PAID, payOftenAndLate, ['paid-after-expiry', 'saga-atomicity']],
  ['double-charge', PAID, payOftenAndLate, ['duplicate-effect']],
] as const)('%s is found', async (flaw, plan, story, expected) => {
  const seen = (found: readonly string[]) => found.length >= expected.length;
  expect(await raceUntil(seen, () => violatedBy(flaw, plan, story))).toEqual(expected);
});

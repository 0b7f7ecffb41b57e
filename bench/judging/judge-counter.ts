import { readHistory } from '../../lib/history/read.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import { COUNTER_POOL, type CounterSale, capacityOf } from './counter.ts';

/** What Onsale needs for the history of a counter, from the start of reading to the last of its findings. */
export interface CounterJudging {
  readonly operations: number;
  readonly wallMs: number;
  /** Whether the counter's reads fit one order of events; null where no invariant asks that. */
  readonly value: string | null;
}

/** judge-counter.ts <path> <a {@link CounterSale} as JSON>: prints a {@link CounterJudging}. */
async function judge(path: string, sale: CounterSale): Promise<CounterJudging> {
  const schemaVersion = SCHEMA_VERSION;
  const pool = { id: COUNTER_POOL, name: '', capacity: capacityOf(sale), remaining: null };
  const startedAt = performance.now();
  const { history, damaged } = await readHistory(path);
  const findings = decideAll({
    history,
    historyComplete: damaged === 0,
    fixture: {
      ...{ schemaVersion, access: 'http', event: '', pools: [pool] },
      ...{ exclusive: true, buyers: [], baselineOrders: [] },
    },
    intents: { schemaVersion, runId: 'counter', intents: [] },
    state: null,
    clockErrorMs: 0,
  });
  const wallMs = Math.round(performance.now() - startedAt);
  const violated = findings.filter(({ value }) => value === 'violated');
  if (violated.length > 0) throw new Error(`a correct sale: ${JSON.stringify(violated)}`);
  const counter = findings.find(({ invariant }) => invariant === 'stale-availability');
  return { operations: history.length, wallMs, value: counter?.value ?? null };
}

const [path = '', sale = ''] = process.argv.slice(2);
console.log(JSON.stringify(await judge(path, JSON.parse(sale) as CounterSale)));

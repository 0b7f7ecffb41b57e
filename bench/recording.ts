/**
 * What recording costs: requests per CPU-second of k6 with every operation recorded, over the same without.
 * `npx tsx bench/recording.ts [pairs]`; needs Linux and a k6 (`K6_PATH`, or the one that Onsale would find).
 * Only k6's own CPU time counts, start-up taken off, so the loopback shop may be as slow as it likes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fixture } from '../lib/model/fixture.ts';
import type { Plan } from '../lib/model/plan.ts';
import { processTicksIn } from '../lib/run/generator-health.ts';
import { planIntents } from '../lib/run/intents.ts';
import { runLoad } from '../lib/run/load.ts';
import { scenarios } from '../lib/run/scenarios.ts';
import { k6ForTests } from '../test/k6.ts';

const RATIO_MIN = 0.85;
const REQUESTS = 60_000;
const USERS = 50;

/** Sells every fourth, refuses the others, in PrimePass's words. */
function serve(): void {
  const sold = '{"status":"success"}';
  const refused = '{"error":"Tickets unavailable or sold out"}';
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const body = count % 4 === 0 ? sold : refused;
    request.resume();
    response.writeHead(body === sold ? 200 : 400, {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.send?.(address?.port);
  });
  process.on('disconnect', () => process.exit(0));
}

/** Everybody is due at once, so the virtual users never wait: k6 works as fast as it can. */
const saturated: Plan = {
  ...scenarios[0]!.planDefaults,
  arrivals: 'constant',
  durationMs: 100,
  virtualUsersMax: USERS,
};

/**
 * k6 on one processor: slower than the shop, so always busy. On all of them it would wait for the shop, and Go's search
 * for work would be counted as if it were work.
 */
async function k6OnOneProcessor(folder: string): Promise<string> {
  const path = join(folder, 'k6');
  const script = `#!/bin/sh\nGOMAXPROCS=1 exec '${await k6ForTests()}' "$@"\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

/** CPU seconds of k6 for one run: what this process's ended children have used meanwhile. */
async function cpuSecondsOf(asked: {
  buyers: number;
  record: boolean;
  port: number;
  k6Path: string;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'onsale-bench-'));
  const plan = { ...saturated, buyers: asked.buyers };
  const intents = planIntents(plan, 'bench');
  const fixture: Fixture = {
    schemaVersion: 1,
    access: 'http',
    event: 'bench',
    pools: [{ id: '1', name: 'Standard', capacity: 500, remaining: null }],
    buyers: intents.intents.map((_, i) => ({ id: `00000000-0000-0000-0000-${i}` })),
    baselineOrders: [],
  };
  await writeFile(join(folder, 'intents.json'), JSON.stringify(intents));
  await writeFile(join(folder, 'fixture.json'), JSON.stringify(fixture));
  const before = childrenCpuSeconds();
  const { account, trouble } = await runLoad({
    folder,
    k6Path: asked.k6Path,
    scenario: scenarios[0]!,
    protocolPath: 'lib/targets/primepass/protocol.ts',
    address: { url: `http://127.0.0.1:${asked.port}`, hosts: {} },
    plan,
    intents,
    fixture,
    signal: new AbortController().signal,
    onKill: () => () => undefined,
    onProgress: () => undefined,
    record: asked.record,
  });
  const used = childrenCpuSeconds() - before;
  if (account.requested !== asked.buyers || (asked.record && !account.complete)) {
    throw new Error(`the load was not delivered: ${trouble.join(' ')}`);
  }
  await rm(folder, { recursive: true });
  return used;
}

/** cutime + cstime stand two fields after utime + stime, which `processTicksIn` reads. */
function childrenCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [name, fields] = [
    stat.slice(0, stat.lastIndexOf(')') + 2),
    stat.slice(stat.lastIndexOf(')') + 2),
  ];
  const shifted = fields.split(' ').toSpliced(11, 2).join(' ');
  return (processTicksIn(name + shifted) ?? Number.NaN) / 100;
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function compare(pairs: number, shop: ChildProcess, folder: string): Promise<void> {
  const [port] = (await once(shop, 'message')) as [number];
  const k6Path = await k6OnOneProcessor(folder);
  const asked = { port, k6Path };
  const startUp = median([
    await cpuSecondsOf({ ...asked, buyers: USERS, record: true }),
    await cpuSecondsOf({ ...asked, buyers: USERS, record: false }),
    await cpuSecondsOf({ ...asked, buyers: USERS, record: true }),
  ]);
  const rate = async (record: boolean) =>
    REQUESTS / ((await cpuSecondsOf({ ...asked, buyers: REQUESTS, record })) - startUp);
  const ratios: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    // A B, B A, …: a machine that slowly gets busier favours neither.
    const first = await rate(pair % 2 === 0);
    const second = await rate(pair % 2 !== 0);
    const [recorded, plain] = pair % 2 === 0 ? [first, second] : [second, first];
    ratios.push(recorded / plain);
    console.log(
      `pair ${pair + 1}: ${recorded.toFixed(0)} recorded, ${plain.toFixed(0)} not, ` +
        `requests a CPU-second; ratio ${(recorded / plain).toFixed(3)}`,
    );
  }
  console.log(`median ratio ${median(ratios).toFixed(3)}, has to be at least ${RATIO_MIN}`);
  if (!(median(ratios) >= RATIO_MIN)) process.exitCode = 1;
}

if (process.argv[2] === 'serve') serve();
else {
  const shop = fork(import.meta.filename, ['serve']);
  const folder = await mkdtemp(join(tmpdir(), 'onsale-bench-k6-'));
  try {
    await compare(Number(process.argv[2] ?? 5), shop, folder);
  } finally {
    shop.disconnect();
    await rm(folder, { recursive: true });
  }
}

import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Checked, checks, idleNames, scopeOf } from './checks/registry.ts';
import { type Facts, hasMarkOf, isAsking, mayHaveHappened, type Outcome } from './facts.ts';
import { find, sha256Of } from './files.ts';
import { moneyFaults } from './money-faults.ts';
import { type Certificate, LENGTH_MAX, readCertificate } from './read-certificate.ts';
import { shownMoney } from './read-money.ts';
import { type Run, readRun } from './read-run.ts';
import { Unusable } from './shape.ts';

export interface Result {
  /** 0 it proves its claim, 1 it does not, 2 it cannot be used. */
  readonly code: 0 | 1 | 2;
  /** For people; nothing in them can steer a terminal. */
  readonly lines: readonly string[];
}

/**
 * Checks the certificate at `path` by itself or, with the folder of its run, against the run's own files.
 * Throws nothing that a file can cause.
 */
export async function recheck(path: string, run: string | null): Promise<Result> {
  try {
    return await recheckOrThrow(path, run);
  } catch (cause) {
    if (cause instanceof Unusable) return { code: 2, lines: [`Unusable: ${plain(cause.message)}`] };
    if (cause instanceof Error && 'code' in cause) {
      return { code: 2, lines: [`Unusable: ${plain(cause.message)}`] };
    }
    throw cause;
  }
}

async function recheckOrThrow(path: string, run: string | null): Promise<Result> {
  const there = await stat(path);
  if (!there.isFile()) throw new Unusable('the certificate: expected a file');
  if (there.size > 4 * LENGTH_MAX) throw new Unusable('the certificate: expected a small file');
  const certificate = readCertificate(await readFile(path, 'utf8'));
  const checked = checks.get(certificate.invariant);
  if (checked === undefined) throw new Unusable('the certificate: expected a known invariant');
  const heading = [
    `Certificate of run ${plain(certificate.runId)}, invariant ${certificate.invariant}`,
    `Claimed of a correct sale: ${checked.claim}.`,
  ];
  const { ok, lines } =
    run === null
      ? byItself(certificate, checked)
      : againstRun(
          certificate,
          checked,
          await readRun(run, certificate, scopeOf(checked, certificate)),
          await strangeFiles(certificate, run),
        );
  return { code: ok ? 0 : 1, lines: [...heading, ...lines] };
}

interface Judged {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

function byItself(certificate: Certificate, checked: Checked): Judged {
  const facts = ownFacts(certificate);
  const outcome = checked.check(facts);
  const faults = [
    ...contradictions(certificate, checked),
    ...countFaults(certificate, facts, outcome),
  ];
  const { operations, rows } = certificate;
  const trusted =
    `Taken on trust: that the run's files have what is shown (operations: ${operations.length}, rows: ${rows.length}), and ` +
    'nothing that is counted as absent. Give --run <folder> to have that checked too.';
  if (outcome.proven && faults.length === 0) {
    return { ok: true, lines: [`Violated: ${plain(outcome.because)}.`, trusted] };
  }
  const { counts } = certificate;
  return {
    ok: false,
    lines: [
      ...faults.map((fault) => `Contradiction: ${plain(fault)}.`),
      ...(outcome.proven ? [] : [`Not proven by itself. Missing: ${plain(outcome.lacking)}.`]),
      `It states ${counts.tickets} tickets, counted over ${counts.operations} operations and ${counts.rows} rows; ` +
        `it shows ${operations.length} and ${rows.length}. Give --run <folder> to have the run's files counted again.`,
    ],
  };
}

function againstRun(
  certificate: Certificate,
  checked: Checked,
  run: Run,
  strange: readonly string[],
): Judged {
  const outcome = checked.check(run);
  const faults = [
    ...strange,
    ...contradictions(certificate, checked),
    ...differences(certificate, run),
    ...countFaults(certificate, run, outcome),
  ];
  const lines = [
    ...faults.map((fault) => `Contradiction: ${plain(fault)}.`),
    ...(outcome.proven ? [] : [`Not proven by the run. Missing: ${plain(outcome.lacking)}.`]),
  ];
  if (!outcome.proven || faults.length > 0) return { ok: false, lines };
  const { history } = run.restsOn;
  return {
    ok: true,
    lines: [
      `Violated: ${plain(outcome.because)}.`,
      `Counted again in the run's files: ${history.operations} operations read, the files' SHA-256 as certified.`,
    ],
  };
}

/** The certificate alone: what is not shown is known to be absent only where the counts say that all is shown. */
function ownFacts(of: Certificate): Facts {
  const { restsOn, operations, rows, counts, runId } = of;
  const keys = new Set(operations.map(({ intent }) => intent));
  const back = rows.filter(({ status }) => status === 'cancelled');
  const showsCancelled = back.length === (restsOn.state?.cancelledRows ?? 0);
  return {
    runId,
    clockErrorMs: of.clockErrorMs,
    about: of.about,
    pool: of.pools[0] ?? null,
    operations,
    rows,
    allOperations: operations.length === counts.operations,
    allRows: rows.length === counts.rows,
    allReturns: operations.length === counts.operations || (restsOn.history.givenBack ?? 0) === 0,
    mixed: restsOn.history.mixedIntents === 0 ? new Set() : null,
    triedElsewhere: new Map(),
    cancelled: showsCancelled ? new Set(back.map(({ intent }) => intent ?? '')) : null,
    buyerOf: () => of.about.buyer,
    knownPools: knownPoolsOf(of),
    named: new Set(rows.flatMap(({ intent }) => intent ?? [])),
    namelessRows: rows.filter(({ intent }) => intent === null),
    isNameless: ({ intent }) => intent === null,
    isOurs: () => false,
    isStranger: ({ intent }) => intent === null || !(keys.has(intent) || hasMarkOf(runId, intent)),
    money: of.money ?? null,
    restsOn,
    shown: of,
  };
}

/** The one that is shown; and where no tickets went elsewhere, those in which operations may have taken some. */
function knownPoolsOf({ pools, operations, restsOn }: Certificate): ReadonlySet<string> {
  const known = new Set(pools.map(({ id }) => id));
  if (restsOn.history.ticketsElsewhere > 0) return known;
  for (const each of operations) if (isAsking(each) && mayHaveHappened(each)) known.add(each.pool);
  return known;
}

/** What cannot be so, whatever the run is like. */
function contradictions(certificate: Certificate, checked: Checked): string[] {
  const { about, pools, operations, rows, asked, restsOn, counts } = certificate;
  const { history, state } = restsOn;
  const faults = moneyFaults(certificate);
  const [pool] = pools;
  for (const name of idleNames(checked, certificate)) {
    faults.push(`the claim is about no ${name}, and it names one`);
  }
  if ((pool?.id ?? null) !== about.pool) faults.push('the pool is not the one it is about');
  const keys = new Set([...operations, ...rows].flatMap(({ intent }) => intent ?? []));
  if (about.buyer !== undefined && keys.size > restsOn.plan.intents) {
    faults.push('the plan has fewer intents than are shown of the buyer');
  }
  const asking = operations.filter(isAsking);
  const own = asking.filter((each) => each.intent === about.intent);
  const unsaid = asked === null && own.length > 0 && history.mixedIntents === 0;
  const unheard = asked !== null && (about.intent === null || counts.operations === 0);
  const other = asked !== null && own.length > 0 && !own.some((each) => each.quantity === asked);
  if (unsaid || unheard || other) {
    faults.push('what was asked for is not what the operations ask for');
  }
  const disagree = asking.some((a) =>
    operations.some(
      (b) =>
        a.intent === b.intent &&
        /^(purchase|hold|pay|cancel)$/.test(b.kind) &&
        (a.pool !== b.pool || (isAsking(b) && a.quantity !== b.quantity)),
    ),
  );
  if (operations.some(({ start, end }) => end < start) && history.backward === 0) {
    faults.push('an operation ends before it starts');
  }
  if (disagree && history.mixedIntents === 0) faults.push('one buyer asks for different things');
  if (new Set(rows.map((row) => row.id)).size < rows.length) faults.push('row ids repeat');
  if (operations.length > counts.operations || rows.length > counts.rows) {
    faults.push('more is shown than is counted');
  }
  if (counts.operations > history.operations) faults.push('more is counted than the history has');
  const cancelled = rows.filter((row) => row.status === 'cancelled').length;
  if (cancelled > (state?.cancelledRows ?? 0)) faults.push('more is cancelled than is counted');
  const last = Math.max(...operations.map(({ end }) => end));
  if (operations.length > 0 && last > (history.lastEnd ?? last - 1)) {
    faults.push('an operation ends after the last one');
  }
  return faults;
}

/** What the check counted against what is stated. */
function countFaults({ counts }: Certificate, facts: Facts, outcome: Outcome): string[] {
  const faults: string[] = [];
  if (!outcome.proven) return faults;
  const isWhole = facts.allOperations && facts.allRows;
  if (outcome.tickets > counts.tickets || (isWhole && outcome.tickets !== counts.tickets)) {
    faults.push(`it states ${counts.tickets} tickets, there are ${outcome.tickets}`);
  }
  const operations = outcome.operations ?? facts.operations.length;
  if (facts.allOperations && operations !== counts.operations) {
    faults.push(`it states ${counts.operations} operations, there are ${operations}`);
  }
  const rows = outcome.rows ?? facts.rows.length;
  if (facts.allRows && rows !== counts.rows) {
    faults.push(`it states ${counts.rows} rows, there are ${rows}`);
  }
  return faults;
}

/** Where the certificate says something else than the run. */
function differences(certificate: Certificate, run: Run): string[] {
  const faults: string[] = [];
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (run.runId !== certificate.runId) faults.push('the run has another id');
  if (run.clockErrorMs < run.clockErrorMsMin) faults.push('no clock of the run is that sure');
  if (!same(run.pool, certificate.pools[0] ?? null))
    faults.push('the run says otherwise of the pool');
  for (const part of ['history', 'plan', 'fixture', 'state'] as const) {
    if (!same(run.restsOn[part], certificate.restsOn[part])) {
      faults.push(`the run says otherwise of what it rests on: ${part}`);
    }
  }
  if (!same(run.money && shownMoney(run.money), certificate.money ?? null)) {
    faults.push('the run says otherwise of the money');
  }
  const { operations, rows } = run.missing;
  if (operations > 0) faults.push(`${operations} operations shown are not in the history`);
  if (rows > 0) faults.push(`${rows} rows shown are not in the final state`);
  return faults;
}

/** Files of the run that are not the ones the certificate was taken from. */
async function strangeFiles({ evidence, restsOn }: Certificate, run: string): Promise<string[]> {
  const needed = ['fixture.json', 'intents.json', 'history.ndjson'];
  if (restsOn.state !== null) needed.push('state.json');
  const faults: string[] = [];
  for (const name of needed) {
    const path = find(run, name);
    const certified = evidence.find((file) => path !== null && file.name === basename(path));
    if (path === null) faults.push(`the run has no ${name}`);
    else if (certified === undefined) faults.push(`it names no SHA-256 of ${name}`);
    else if (
      (await stat(path)).size !== certified.bytes ||
      (await sha256Of(path)) !== certified.sha256
    ) {
      faults.push(`${name} is not the file it was taken from`);
    }
  }
  return faults;
}

/** One line of printable characters. */
function plain(message: string): string {
  return message.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 500);
}

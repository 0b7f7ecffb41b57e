import { execFile } from 'node:child_process';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ForeignRun, importForeign } from '../../bin/flow/foreign.ts';
import { examplesFolder } from '../../examples/judged.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { manifestSchema } from '../../lib/model/manifest.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { type Ended, newMachine, untilEnd } from '../experience/product.ts';

const root = dirname(dirname(import.meta.dirname));
const example = (name: string) => readFile(join(root, 'examples', 'foreign', name), 'utf8');
const FOREIGN = ['--history', 'history.ndjson', '--state', 'state.json', '--pool', 'front=4'];
const VOUCHED = [...FOREIGN, '--history-complete', '--exclusive'];

const machine = await newMachine();
let history = '';
beforeAll(async () => {
  history = await example('history.ndjson');
  await put('history.ndjson', history);
  await put('state.json', await example('state.json'));
});

const put = (name: string, content: string | Buffer) => writeFile(join(machine.cwd, name), content);
const judge = (args: readonly string[]) => machine.loadtest(['judge', ...args, '--json', '-q']);
const verdictOf = ({ stdout, stderr }: Ended): Verdict => {
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Verdict;
};
const imports = () => readdir(join(machine.cwd, 'runs', 'imported')).catch(() => []);
async function newestImport(): Promise<string> {
  // Runs of one second are numbered, so names alone do not tell.
  const folders = (await imports()).map((name) => join(machine.cwd, 'runs', 'imported', name));
  const made = await Promise.all(
    folders.map(async (folder) => {
      const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
      return { folder, at: manifestSchema.parse(JSON.parse(manifest)).createdAt };
    }),
  );
  return made.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)!.folder;
}
const findingOf = (verdict: Verdict, invariant: string) =>
  verdict.findings.find((finding) => finding.invariant === invariant)?.value;

describe('a history of another tool', () => {
  test('is a run of its own, whose verdict names the word it rests on', async () => {
    const ended = await judge([...VOUCHED, '--name', 'the other shop']);
    expect(ended.code).toBe(0);
    const { run, reasons, validity, totals } = verdictOf(ended);
    expect(reasons[1]).toMatch(/on its bearer's word .*vouched for, not measured/);
    expect(run).toMatchObject({
      scenario: 'imported',
      target: 'the other shop',
      seed: null,
      url: '',
    });
    expect(validity).toMatchObject([
      {
        id: 'account',
        result: 'pass',
        because: expect.stringMatching(/vouched for, not measured/),
      },
      {
        id: 'clock',
        result: 'pass',
        because: expect.stringMatching(/not measured, that one clock recorded all of it/),
      },
    ]);
    expect(totals).toMatchObject({ operations: 10, capacity: 4, soldAcknowledged: 4, offered: 0 });
    const again = await judge([await newestImport()]);
    expect(again).toMatchObject({ code: 0, stdout: ended.stdout });
    const page = await readFile(join(await newestImport(), 'report', 'report.html'), 'utf8');
    expect(page).toContain('vouched for, not measured');
    expect(page).not.toMatch(/seed null|k6 null|undefined/);
  });

  test('holds nothing unless somebody vouches that it is complete', async () => {
    const ended = await judge(FOREIGN);
    expect(ended.code).toBe(3);
    const verdict = verdictOf(ended);
    expect(verdict.findings.map(({ value }) => value)).not.toContain('holds');
    expect(verdict.reasons[0]).toContain('--history-complete');
  });

  test('is violated without anybody’s word', async () => {
    const ended = await judge(FOREIGN.with(-1, 'front=3'));
    expect(ended.code).toBe(1);
    expect(findingOf(verdictOf(ended), 'oversell-final')).toBe('violated');
  });

  test('without a final state says of each invariant that it needs one', async () => {
    const ended = await judge([
      '--history',
      'history.ndjson',
      '--pool',
      'front=4',
      '--history-complete',
    ]);
    expect(ended.code).toBe(3);
    const lost = verdictOf(ended).findings.find(({ invariant }) => invariant === 'lost-purchase');
    expect(lost).toMatchObject({
      value: 'unknown',
      summary: expect.stringContaining('3 acknowledged, 5 refused; nothing was read back'),
      missing: [expect.stringContaining('--state')],
    });
  });

  test('keeps measured promises only where the load is vouched for', async () => {
    await put(
      'speed.yaml',
      'apiVersion: onsale/v1\nobjectives: [{id: errors, kind: errorRatio, lte: 100%}]\n',
    );
    const without = await judge([...VOUCHED, '--sla', 'speed.yaml']);
    expect(without.code).toBe(3);
    expect(verdictOf(without).reasons.join()).toContain('--load-delivered');
    const vouched = await judge([...VOUCHED, '--sla', 'speed.yaml', '--load-delivered']);
    expect(vouched.code, vouched.stdout).toBe(0);
  });

  test('takes an order of nobody for the shop’s doing only where nobody else bought', async () => {
    const state = JSON.parse(await example('state.json'));
    const [first] = state.orders;
    state.orders.push({ ...first, id: '9', quantity: 0, intent: null });
    await put('stranger.json', JSON.stringify(state));
    const args = FOREIGN.with(3, 'stranger.json');
    const open = verdictOf(await judge([...args, '--history-complete']));
    expect(findingOf(open, 'phantom-order')).toBe('unknown');
    const alone = verdictOf(await judge([...args, '--history-complete', '--exclusive']));
    expect(findingOf(alone, 'phantom-order')).toBe('violated');
  });

  test('is judged by the rules, prices and credit of its fixture, packed or not', async () => {
    const holds = join(examplesFolder, 'foreign-holds');
    const fixture = await readFile(join(holds, 'fixture.json'));
    await put('holds.json', gzipSync(fixture));
    const of = (name: string) => join(holds, name);
    const args = ['--history', of('history.ndjson'), '--state', of('state.json')];
    args.push('--fixture', 'holds.json', '--intents', of('intents.json'), '--history-complete');
    const verdict = verdictOf(await judge(args));
    expect(findingOf(verdict, 'money-conservation')).toBe('holds');
    const kept = await readFile(join(await newestImport(), 'fixture.json'), 'utf8');
    const { event: _, ...given } = JSON.parse(String(fixture));
    expect(JSON.parse(kept)).toMatchObject({ ...given, exclusive: false });

    // Where replies tell no amount, the price decides; in any case what the buyer had before.
    const history = await readFile(of('history.ndjson'), 'utf8');
    await put('untold.ndjson', history.replaceAll(',"amount":2500', ''));
    await put('dear.json', String(fixture).replace('"price": 2500', '"price": 2400'));
    const dear = verdictOf(await judge(args.with(1, 'untold.ndjson').with(5, 'dear.json')));
    expect(findingOf(dear, 'money-conservation')).toBe('violated');
    await put('poor.json', String(fixture).replace('"credit": 10000', '"credit": 9900'));
    const poor = verdictOf(await judge(args.with(5, 'poor.json')));
    expect(findingOf(poor, 'money-conservation')).toBe('violated');
  });

  test('is judged by the clock error that was told', async () => {
    await judge([...VOUCHED, '--clock-error', '25.5']);
    const manifest = JSON.parse(
      await readFile(join(await newestImport(), 'manifest.json'), 'utf8'),
    );
    expect(manifest.imported).toEqual({
      operations: 10,
      clockErrorMs: 25.5,
      vouched: { historyComplete: true, loadDelivered: false, clocks: true },
    });
  });

  test('is given no order where its clocks contradict each other by more than was told', async () => {
    // The second attempt of session 3 begins half a second before its first has ended.
    await put('jumped.ndjson', history.replace('"start":1763719201010', '"start":1763719200500'));
    const jumped = ['--history', 'jumped.ndjson', '--state', 'state.json', '--pool', 'front=3'];
    const told = verdictOf(await judge([...jumped, '--clock-error', '502']));
    expect(JSON.stringify(told)).not.toContain('no order of events is certain');

    const ended = await judge(jumped);
    const { validity, findings, totals } = verdictOf(ended);
    expect(ended.code).toBe(1);
    const because = expect.stringContaining('at least 502 ms, more than the 1 ms');
    expect(validity).toContainEqual(
      expect.objectContaining({ id: 'clock', result: 'inconclusive', because }),
    );
    expect(totals).not.toHaveProperty('fairness');
    const refusals = findings.find(({ invariant }) => invariant === 'false-sold-out');
    expect(refusals).toMatchObject({
      value: 'unknown',
      missing: expect.arrayContaining([because]),
    });
    expect(findingOf(verdictOf(ended), 'oversell-final')).toBe('violated');
    const run = await newestImport();
    const certificate = join(run, 'certificates', 'oversell-final.json');
    const again = await machine.loadtest(['recheck', certificate, '--run', run]);
    expect(again.code, again.stdout).toBe(0);
    const story = await machine.loadtest(['explain', run, 'oversell-final']);
    expect(story.stdout.replaceAll(/\s+/g, ' ')).toContain('so no order of events counts');
  });

  test('accuses nobody by the order of clocks that nobody answers for', async () => {
    const reads = await readFile(join(examplesFolder, 'foreign-reads', 'history.ndjson'), 'utf8');
    await put('reads.ndjson', reads.replace(',"mayLag":true', ''));
    const stale = ['--history', 'reads.ndjson', '--pool', 'front=3', '--history-complete'];
    const ended = await judge(stale);
    const finding = verdictOf(ended).findings.find((one) => one.invariant === 'stale-availability');
    expect(finding).toMatchObject({
      value: 'unknown',
      missing: [expect.stringMatching(/--clock-error 1/)],
    });
    expect(ended.code).toBe(3);
    const answered = await judge([...stale, '--clock-error', '1']);
    expect(findingOf(verdictOf(answered), 'stale-availability')).toBe('violated');
    expect(answered.code).toBe(1);
  });

  test('accuses nobody by the time of a shop whose clock nobody answers for', async () => {
    const sold = history.split('\n').slice(0, 2).join('\n');
    const { start } = JSON.parse(sold.split('\n')[1]!);
    await put('closed.ndjson', `${sold}\n`);
    const judgedBy = async (rules: object) => {
      const pools = [{ id: 'front', name: 'front', capacity: 9, remaining: null }];
      const none = { access: 'http', buyers: [], baselineOrders: [] };
      const fixture = { schemaVersion: 1, event: 'sale', ...none, pools, rules };
      await put('fixture.json', JSON.stringify(fixture));
      const files = ['--history', 'closed.ndjson', '--fixture', 'fixture.json'];
      const ended = await judge([...files, '--history-complete', '--clock-error', '1']);
      return verdictOf(ended).findings.find((one) => one.invariant === 'sale-window');
    };
    const closesAt = start - 100;
    expect(await judgedBy({ closesAt })).toMatchObject({
      value: 'unknown',
      missing: [expect.stringMatching(/rules\.clockSkewMs/)],
    });
    expect(await judgedBy({ closesAt, clockSkewMs: 0 })).toMatchObject({ value: 'violated' });
  });

  test('comes packed, and from standard input, and is the same run', async () => {
    const plain = verdictOf(await judge(VOUCHED));
    await put('history.ndjson.gz', gzipSync(history));
    const packed = await judge(VOUCHED.with(1, 'history.ndjson.gz'));
    expect(verdictOf(packed)).toMatchObject({ run: { target: 'history' }, result: 'pass' });
    const kept = join(await newestImport(), 'history.ndjson.gz');
    expect(String(gunzipSync(await readFile(kept)))).toBe(history);

    const child = execFile(
      process.execPath,
      [join(root, 'bin', 'loadtest'), 'judge', ...VOUCHED.with(1, '-'), '--json', '-q'],
      { cwd: machine.cwd, env: machine.env },
    );
    child.stdin!.end(history);
    const piped = verdictOf(await untilEnd(child));
    const time = { createdAt: '' };
    expect({ ...piped, run: { ...piped.run, ...time, target: 'history' } }).toEqual({
      ...plain,
      run: { ...plain.run, ...time },
    });
  });

  test('is not what was vouched for once it was cut, or where its clock jumped', async () => {
    await judge(VOUCHED);
    const folder = await newestImport();
    await writeFile(join(folder, 'history.ndjson'), history.slice(0, history.lastIndexOf('{')));
    const cut = await judge([folder]);
    expect(cut.code).toBe(3);
    expect(verdictOf(cut).validity[0]?.because).toMatch(/10 operations were imported; now 9/);

    await put('jumped.ndjson', history.replace('"end":1763719200041', '"end":1763719199041'));
    const jumped = await judge(VOUCHED.with(1, 'jumped.ndjson'));
    expect(jumped.code).toBe(3);
    expect(verdictOf(jumped).validity[0]?.because).toMatch(/cannot be that nothing is missing/);
    // Nor is anybody told to give the word that was given.
    expect(jumped.stdout).toContain('whoever vouches for it. 1 operations end before they start');
    expect(jumped.stdout).not.toContain('--history-complete');
  });
});

describe('reports', () => {
  test('are drawn again from a folder whose files lie packed', async () => {
    await judge(VOUCHED);
    const folder = await newestImport();
    for (const name of await readdir(folder)) {
      if (!/\.(json|ndjson)$/.test(name) || name === 'manifest.json') continue;
      const path = join(folder, name);
      await writeFile(path, gzipSync(await readFile(path)));
      await rename(path, `${path}.gz`);
    }
    const ended = await machine.loadtest(['report', folder, '--json', '-q']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(verdictOf(ended).result).toBe('pass');
  });
});

describe('what cannot be used is said with its place, and leaves nothing behind', () => {
  beforeAll(async () => {
    const state = await example('state.json');
    await put('broken.ndjson', `${history}{"session":1}\n`);
    await put('cut.gz', gzipSync(history).subarray(0, 100));
    await put('newer.json', state.replace('"schemaVersion": 1', '"schemaVersion": 2'));
    await put('wrong.json', state.replace('"quantity": 1', '"quantity": -1'));
    const fixture = await readFile(join(examplesFolder, 'foreign-holds', 'fixture.json'), 'utf8');
    await put('fixture.json', fixture);
    await put('wrong-fixture.json', fixture.replace('"price": 2500', '"price": "25.00"'));
    await put('newer-fixture.json', fixture.replace('"schemaVersion": 1', '"schemaVersion": 2'));
    await put('wrong.yaml', 'apiVersion: onsale/v1\nobjective: []\n');
  });

  test.each<[string, string[], RegExp]>([
    ['neither a run nor a history', [], /got: +neither/],
    ['both', ['latest', ...VOUCHED], /got: +both/],
    ['pools twice over', [...FOREIGN, '--fixture', 'fixture.json'], /got: +both/],
    ['a flag that needs a history', ['latest', '--exclusive'], /--exclusive without --history/],
    ['no pool', ['--history', 'history.ndjson'], /where: +--pool/],
    ['a clock error that is none', [...FOREIGN, '--clock-error', '1h'], /milliseconds from 0/],
    ['a line that is none', FOREIGN.with(1, 'broken.ndjson'), /where: +broken\.ndjson:11\n/],
  ])('%s, on the command line', async (_, args, words) => {
    const before = await imports();
    const ended = await judge(args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(words);
    expect(await imports()).toEqual(before);
  });

  test.each<[string, Partial<ForeignRun>, RegExp]>([
    ['a pool without a number', { pool: ['front'] }, /got "front"/],
    ['a pool without a name', { pool: ['=5'] }, /got "=5"/],
    ['a negative pool', { pool: ['front=-1'] }, /got "front=-1"/],
    ['a pool beyond all numbers', { pool: ['front=99999999999999999999'] }, /got "front=9/],
    ['a pool twice', { pool: ['front=1', 'front=1'] }, /got "front" twice/],
    ['no such history', { history: 'none.ndjson' }, /got ENOENT .*none\.ndjson/],
    ['a folder', { history: '.' }, /got EISDIR/],
    ['packed data that is cut', { history: 'cut.gz' }, /cut or damaged \(\S+cut\.gz\)/],
    ['no such state', { state: 'none.json' }, /no such file \(\S+none\.json\)/],
    [
      'a state with a mistake',
      { state: 'wrong.json' },
      /orders\.0\.quantity.*"state\.json".*schemas\/state\.schema\.json/s,
    ],
    ['a newer state', { state: 'newer.json' }, /written by a newer Onsale/],
    [
      'a fixture with a mistake',
      { pool: [], fixture: 'wrong-fixture.json' },
      /pools\.0\.price.*"fixture\.json"/s,
    ],
    ['a newer fixture', { pool: [], fixture: 'newer-fixture.json' }, /written by a newer Onsale/],
    ['a plan that is none', { intents: 'state.json' }, /a plan of intents.*"intents\.json"/s],
    ['an SLA file with a mistake', { sla: 'wrong.yaml' }, /wrong\.yaml:2/],
  ])('%s', async (_, { pool = ['front=4'], ...files }, words) => {
    const inFolder = (name?: string) => (name === undefined ? undefined : join(machine.cwd, name));
    const given: ForeignRun = {
      history: join(machine.cwd, files.history ?? 'history.ndjson'),
      state: inFolder(files.state),
      intents: inFolder(files.intents),
      fixture: inFolder(files.fixture),
      sla: inFolder(files.sla),
      pool,
      clockErrorMs: 1,
      historyComplete: true,
      loadDelivered: false,
      exclusive: false,
    };
    const runs = join(machine.cwd, 'refused');
    const refused = importForeign(given, runs);
    await expect(refused).rejects.toThrow(UsageFailure);
    await expect(refused).rejects.toThrow(words);
    expect(await readdir(join(runs, 'imported')).catch(() => [])).toEqual([]);
  });
});

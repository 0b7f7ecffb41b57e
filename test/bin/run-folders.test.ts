import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Manifest, manifestSchema } from '../../lib/model/manifest.ts';
import { type Verdict, verdictSchema } from '../../lib/model/verdict.ts';
import { type Ended, newMachine, smallRun } from '../experience/product.ts';
import { startReferenceService } from '../reference-service.ts';
import { startShop } from '../threats/shop.ts';

const machine = await newMachine();
let recorded = '';

beforeAll(async () => {
  const shop = await startReferenceService();
  const env = { ONSALE_DATABASE_URL: shop.databaseUrl };
  const { code, stderr } = await machine.loadtest(smallRun(shop.url), { env });
  await shop.stop();
  expect(code, stderr).toBe(0);
  [recorded] = (await machine.runs()) as [string];
}, 120_000);

/** A copy of the recorded run, to be damaged. */
async function copyOf(name: string): Promise<string> {
  const folder = join(machine.folder, 'copies', name);
  await cp(recorded, folder, { recursive: true });
  await rm(join(folder, 'verdict.json'));
  return folder;
}

async function changeManifest(run: string, change: Partial<Manifest>): Promise<void> {
  const path = join(run, 'manifest.json');
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  await writeFile(path, JSON.stringify({ ...manifest, ...change }));
}

async function judged(run: string): Promise<Ended & { verdict: Verdict }> {
  const ended = await machine.loadtest(['judge', run, '--json']);
  expect(ended.stdout, ended.stderr).not.toBe('');
  return { ...ended, verdict: verdictSchema.parse(JSON.parse(ended.stdout)) };
}

async function expectRefusal(args: readonly string[], told: RegExp): Promise<void> {
  const { code, stdout, stderr } = await machine.loadtest(args);
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^loadtest: expected .+\n {2}got: .+\n {2}where: .+\n {2}to do: .+\n$/s);
  expect(stderr).toMatch(told);
}

describe.concurrent('a folder that is no run is refused:', () => {
  test.each([
    ['missing', 'nowhere', /no such folder/],
    ['without a manifest', '.', /no manifest\.json, and no run in it/],
    ['a file', 'sla.yaml', /got: +a file/],
  ])('%s', async (_, name, told) => {
    const empty = join(machine.folder, 'empty');
    await mkdir(empty, { recursive: true });
    await writeFile(join(empty, 'sla.yaml'), '');
    for (const command of ['judge', 'report'])
      await expectRefusal([command, join(empty, name)], told);
  });

  test('latest, where there is none', async () => {
    const own = await newMachine();
    const { code, stderr } = await own.loadtest(['judge', 'latest']);
    expect(code, stderr).toBe(2);
  });
});

describe.concurrent('a file that cannot be used is named:', () => {
  test.each(['manifest.json', 'intents.json', 'fixture.json', 'state.json'])(
    '%s cut',
    async (name) => {
      const run = await copyOf(`cut-${name}`);
      await truncate(join(run, name), 40);
      await expectRefusal(
        ['judge', run],
        new RegExp(`ends too early(.|\\n)*${name.replace('.', '\\.')}`),
      );
    },
  );

  test.each(['manifest.json', 'state.json'])('%s of a newer schema', async (name) => {
    const run = await copyOf(`newer-${name}`);
    const content = JSON.parse(await readFile(join(run, name), 'utf8'));
    await writeFile(join(run, name), JSON.stringify({ ...content, schemaVersion: 99 }));
    await expectRefusal(['judge', run], /schemaVersion 99.*newer Onsale(.|\n)*Update Onsale/);
  });

  test('no verdict yet, for a report', async () => {
    await expectRefusal(['report', await copyOf('no-verdict')], /verdict\.json/);
  });
});

describe.concurrent('a history that lost something is judged, and never a pass:', () => {
  const damages: readonly (readonly [string, (history: string) => Promise<void>, number])[] = [
    [
      'its last line cut',
      async (history) => truncate(history, (await readFile(history)).length - 30),
      79,
    ],
    [
      'its last line gone without a trace',
      async (history) => {
        const lines = (await readFile(history, 'utf8')).trimEnd().split('\n');
        await writeFile(history, `${lines.slice(0, -1).join('\n')}\n`);
      },
      79,
    ],
    [
      'a megabyte line',
      (history) => appendFile(history, `{"session":${'1'.repeat(1_000_000)}\n`),
      80,
    ],
    ['binary rubbish', (history) => appendFile(history, Buffer.from([0, 0xff, 0xfe, 10])), 80],
    ['nothing in it', (history) => truncate(history, 0), 0],
  ];
  test.each(damages)('%s', async (name, damage, operations) => {
    const run = await copyOf(name);
    await damage(join(run, 'history.ndjson'));
    const { code, verdict } = await judged(run);
    expect(code).toBe(3);
    expect(verdict.totals.operations).toBe(operations);
    expect(verdict.validity.find(({ id }) => id === 'account')?.result).toBe('inconclusive');
    for (const { value, invariant } of verdict.findings) expect(value, invariant).not.toBe('holds');
  });
});

describe.concurrent('a run whose runner was killed', () => {
  /** As it is left: the history still in k6's log, no state, the manifest still running. */
  async function killed(name: string): Promise<string> {
    const run = await copyOf(name);
    const log = join(run, 'k6.log');
    const messages = await readFile(log);
    await rename(join(run, 'history.ndjson'), log);
    await appendFile(log, messages);
    await appendFile(log, '{"session":1,"intent":"onsale-');
    await rm(join(run, 'state.json'));
    await rm(join(run, 'k6-summary.json'));
    await changeManifest(run, { status: 'running', stage: 'load', load: null });
    return run;
  }

  test('is judged as far as it goes, from the log, and the same again', async () => {
    const run = await killed('killed');
    // Its owner is gone: the command that recorded it has ended.
    const first = await judged(run);
    expect(first.code).toBe(130);
    expect(first.verdict).toMatchObject({ result: 'inconclusive', interrupted: true });
    expect(first.verdict.totals.operations).toBe(80);
    expect(await readdir(run)).toContain('history.ndjson');
    expect((await judged(run)).verdict).toEqual(first.verdict);
  });

  test('before it provisioned anything is judged as well', async () => {
    const run = await copyOf('early');
    for (const name of [
      'history.ndjson',
      'k6.log',
      'state.json',
      'fixture.json',
      'k6-summary.json',
    ])
      await rm(join(run, name));
    await changeManifest(run, { status: 'running', stage: 'provision', load: null });
    const { code, verdict } = await judged(run);
    expect(code).toBe(130);
    expect(verdict.result).toBe('inconclusive');
  });
});

test('a run that goes on is left alone', async () => {
  const own = await newMachine();
  const shop = await startShop();
  const { ended } = own.start(smallRun(shop.url, '--duration', '5s', '--crowd', '0.3'));
  let refused: Ended | null = null;
  while (refused === null) {
    const tried = await own.loadtest(['judge', 'latest']);
    if (/one that goes on/.test(tried.stderr)) refused = tried;
    else expect(tried.stderr).toMatch(/no such folder|no run in it/);
  }
  expect(refused.code).toBe(2);
  // Over HTTP alone not everything can be shown to hold.
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(3);
  const [run] = await own.runs();
  const { load } = manifestSchema.parse(
    JSON.parse(await readFile(join(run!, 'manifest.json'), 'utf8')),
  );
  expect(load).toMatchObject({ complete: true, recorded: 80 });
});

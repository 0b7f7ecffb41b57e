import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { XMLValidator } from 'fast-xml-parser';
import { beforeAll, expect, test } from 'vitest';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { LENIENT_SLA, type Machine, newMachine, smallRun } from '../experience/product.ts';
import { startShop } from './shop.ts';

const KILLS = 12;

let machine: Machine;
let run: string;
/** How long judging takes from its start to its end, here and now. */
let judgingMs: number;
beforeAll(async () => {
  const shop = await startShop();
  machine = await newMachine();
  await machine.loadtest(smallRun(shop.url));
  [run] = (await machine.runs()) as [string];
  const begun = performance.now();
  await machine.loadtest(['judge', run, '--quiet']);
  judgingMs = performance.now() - begun;
});

/** The end of each kind of file, which a torn one has not. */
const whole: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  '.json': (bytes) => verdictSchema.safeParse(JSON.parse(bytes.toString())).success,
  '.html': (bytes) => bytes.toString().trimEnd().endsWith('</html>'),
  '.xml': (bytes) => XMLValidator.validate(bytes.toString()) === true,
  '.png': (bytes) => bytes.subarray(-8).toString('latin1').startsWith('IEND'),
  '.md': (bytes) => bytes.toString().endsWith('\n'),
};

async function expectWhole(folder: string): Promise<void> {
  const reports = await readdir(join(folder, 'report'));
  const paths = [
    join(folder, 'verdict.json'),
    ...reports.map((name) => join(folder, 'report', name)),
  ];
  for (const path of paths) {
    const kind = Object.keys(whole).find((end) => path.endsWith(end));
    // What a killed writer leaves is a draft, under a name that nobody takes for an artefact.
    if (kind === undefined) expect(path).toMatch(/\.(tmp|draft)|~$|\/\./);
    else expect(whole[kind]!(await readFile(path)), path).toBe(true);
  }
}

test('kill -9 of judge at any moment leaves whole files, the old or the new', async () => {
  // Another promise by turns, so that the files differ from one judging to the next.
  const slas = [LENIENT_SLA, LENIENT_SLA.replace('0.5', '0.9')];
  await expectWhole(run);
  let killed = 0;
  for (let i = 0; i < KILLS; i++) {
    await writeFile(join(run, 'sla.yaml'), slas[i % 2]!);
    const { child, ended } = machine.start(['judge', run, '--quiet']);
    // Spread evenly over the second half, where everything is written; the last moments may come after its end.
    await sleep(judgingMs * (0.4 + (0.6 * i) / KILLS));
    child.kill('SIGKILL');
    if ((await ended).code === null) killed += 1;
    await expectWhole(run);
  }
  expect(killed).toBeGreaterThan(0);
});

test('judged to the end after all that, the folder is as if nothing had been', async () => {
  await writeFile(join(run, 'sla.yaml'), LENIENT_SLA);
  const clean = join(machine.cwd, 'clean');
  await cp(run, clean, { recursive: true });
  await rm(join(clean, 'report'), { recursive: true });
  await rm(join(clean, 'verdict.json'));
  for (const folder of [run, clean]) await machine.loadtest(['judge', folder, '--quiet']);
  const names = (await readdir(join(clean, 'report'))).sort();
  for (const name of names) expect(existsSync(join(run, 'report', name)), name).toBe(true);
  const verdicts = [run, clean].map((folder) => readFile(join(folder, 'verdict.json'), 'utf8'));
  const [again, first] = await Promise.all(verdicts);
  expect(again).toBe(first);
});

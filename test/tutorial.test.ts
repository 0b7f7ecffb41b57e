import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { type Machine, newMachine, untilEnd } from './experience/product.ts';

/*
 * docs/tutorial.md is followed to the letter: its `ts` blocks, one after the other, are the file, its `yaml` block the SLA
 * file, and every command of its `console` blocks is given in turn and must print what the page shows.
 */
const root = dirname(import.meta.dirname);
const LINES_MAX = 80;

const page = await readFile(join(root, 'docs', 'tutorial.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));
const textIn = (language: string) =>
  blocks.flatMap((block) => (block.language === language ? [block.text] : [])).join('');

interface Step {
  readonly command: string;
  readonly exitCode: number;
  /** Lines; `…` stands for any number of them. */
  readonly shown: readonly string[];
}

/** The commands of one block with what is shown after each. */
function stepsIn(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line, ...shown] = part.trimEnd().split('\n');
      const [, command, exitCode] = /^(.*?)(?:\s+# exit code (\d+))?$/.exec(line!)!;
      return { command: command!, exitCode: Number(exitCode ?? 0), shown };
    });
}

const steps = blocks.flatMap(({ language, text }) => (language === 'console' ? stepsIn(text) : []));

/** Figures and names of runs differ; what curl prints does not. */
function shapeOf(line: string): string {
  return line
    .replace(/"Onsale [^"]*"|"…"/g, '"NAME"')
    .replace(/\d[\d.,]*(\s*(ms|s|%))?(?!\w)/g, 'N')
    .replace(/\s+/g, ' ')
    .trimEnd();
}

function expectShown({ command, shown }: Step, printed: string): void {
  const isExact = !/loadtest/.test(command);
  const shape = (line: string) => (isExact ? line.trimEnd() : shapeOf(line));
  const lines = printed.trimEnd().split('\n').map(shape);
  if (!shown.includes('…')) {
    expect(lines, command).toEqual(shown.length === 0 ? [''] : shown.map(shape));
    return;
  }
  let from = 0;
  for (const line of shown.filter((each) => each !== '…').map(shape)) {
    const at = lines.indexOf(line, from);
    expect(at, `${command}: "${line}" in\n${printed}`).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
}

/** One who sits at the shell of a machine where the repository is the current folder. */
class Reader {
  private readonly machine: Machine;
  private readonly port: number;
  private readonly exported: Record<string, string> = {};
  private shop: ChildProcess | null = null;

  constructor(machine: Machine, port: number) {
    this.machine = machine;
    this.port = port;
  }

  async follow(step: Step): Promise<void> {
    const { command } = step;
    const [, name, value] = /^export (\w+)=(\S+)$/.exec(command) ?? [];
    if (name !== undefined) this.exported[name] = value!;
    else if (command === 'kill %1') await this.closeShop();
    else if (command.endsWith(' &')) expectShown(step, this.told(await this.openShop(command)));
    else await this.give(step);
  }

  async closeShop(): Promise<void> {
    const { shop } = this;
    this.shop = null;
    if (shop === null || shop.exitCode !== null) return;
    shop.kill();
    await once(shop, 'close');
  }

  /** Its first line. */
  private async openShop(command: string): Promise<string> {
    const [program, ...args] = command.slice(0, -2).split(' ');
    const { cwd, env } = this.machine;
    const given = [...args, '--port', String(this.port)];
    this.shop = spawn(program!, given, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: this.shop.stdout! })) return line;
    throw new Error(`${command} said nothing`);
  }

  private async give(step: Step): Promise<void> {
    const { cwd, env } = this.machine;
    const command = step.command.replaceAll(':4000', `:${this.port}`);
    const child = spawn('bash', ['-c', command], {
      cwd,
      env: { ...env, ...this.exported },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, stdout, stderr } = await untilEnd(child);
    expect(code, `${command}\n${stdout}\n${stderr}`).toBe(step.exitCode);
    expectShown(step, this.told(stdout));
  }

  /** As the page would have it. */
  private told(text: string): string {
    return text.replaceAll(`:${this.port}`, ':4000');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A machine on which bin/ and examples/ of the repository lie in the current folder, with what the page has written. */
async function newReader(): Promise<{ reader: Reader; machine: Machine }> {
  const machine = await newMachine();
  for (const name of ['bin', 'examples'])
    await symlink(join(root, name), join(machine.cwd, name), 'dir');
  await writeFile(join(machine.cwd, 'my-shop.ts'), textIn('ts'));
  await writeFile(join(machine.cwd, 'sla.yaml'), textIn('yaml'));
  return { reader: new Reader(machine, await freePort()), machine };
}

const readers: Reader[] = [];
afterAll(() => Promise.all(readers.map((reader) => reader.closeShop())));

test('the file of the tutorial is short', () => {
  expect(textIn('ts').split('\n').length).toBeLessThanOrEqual(LINES_MAX);
  expect(steps.length).toBeGreaterThan(10);
});

test('every command of the tutorial does what the page shows', { timeout: 240_000 }, async () => {
  const { reader, machine } = await newReader();
  readers.push(reader);
  for (const step of steps) await reader.follow(step);

  // What was recorded is judged without the file, and the key is in none of it.
  await rm(join(machine.cwd, 'my-shop.ts'));
  const [, race] = await machine.runs();
  const verdict = await readFile(join(race!, 'verdict.json'), 'utf8');
  expect(await machine.loadtest(['judge', race!, '--json'])).toMatchObject({
    code: 1,
    stdout: verdict,
  });
  expect((await machine.loadtest(['explain', 'latest'])).code).toBe(0);
  const folder = join(machine.cwd, 'runs');
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile()))
    expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain('letmein');
});

test('init writes a file that fits the shop, a test of it that passes, and overwrites nothing', {
  timeout: 120_000,
}, async () => {
  const machine = await newMachine();
  const shops = join(machine.cwd, 'shops');
  await mkdir(shops);
  const init = await machine.loadtest(['init', 'box'], { cwd: shops });
  expect(init).toMatchObject({ code: 0, stderr: '' });
  expect(init.stdout).toMatch(/^Wrote box\.ts, box\.test\.mjs, tsconfig\.json\./);
  const before = await readFile(join(shops, 'box.ts'), 'utf8');
  const run = (program: string, args: readonly string[]) =>
    untilEnd(
      spawn(program, args, { cwd: shops, env: machine.env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  const tested = await run(process.execPath, ['--test', 'box.test.mjs']);
  expect(tested.code, tested.stdout).toBe(0);
  expect(tested.stdout).toMatch(/pass 1\d/);
  const typed = await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.']);
  expect(typed, typed.stdout).toMatchObject({ code: 0, stdout: '' });

  const again = await machine.loadtest(['init', 'box'], { cwd: shops });
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toContain('box.ts and box.test.mjs');
  expect(await readFile(join(shops, 'box.ts'), 'utf8')).toBe(before);

  // A test that cannot fail would be none.
  await writeFile(join(shops, 'box.ts'), before.replace("content.why === 'gone'", 'false'));
  expect((await run(process.execPath, ['--test', 'box.test.mjs'])).code).toBe(1);
});

test.each([
  ['../box', 'the name of a folder'],
  ['primepass', 'the name of an API that is known'],
  ['', 'no name'],
])('init %s (%s) is 2 and writes nothing', async (name) => {
  const machine = await newMachine();
  const { code, stdout } = await machine.loadtest(['init', name]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

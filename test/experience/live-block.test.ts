import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openProgress } from '../../bin/progress.ts';
import { openTerminal } from '../../bin/terminal.ts';
import type { LoadProgress } from '../../lib/run/load.ts';
import { startShop } from '../threats/shop.ts';
import { type Ended, newMachine, smallRun, untilEnd } from './product.ts';

const ESCAPE = '\u001b';
const now: LoadProgress = {
  elapsedMs: 1000,
  offered: 80,
  answered: 40,
  delivered: 60,
  offeredPerSecond: 40,
  deliveredPerSecond: 39,
  latencyMsP95: 12,
  errors: 3,
  sold: 10,
  capacity: 20,
};

/** A stream as Node gives it for a terminal, which keeps what it is told. */
class Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly rows = 40;
  text = '';
  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }
  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** Notes, a step and ten looks at the load, as a run says them; the clock goes a second a look. */
function said(screen: Screen, env: NodeJS.ProcessEnv, quiet = false): string {
  const stream = screen as unknown as NodeJS.WriteStream;
  const terminal = openTerminal({ quiet, out: stream, words: stream, env });
  let clock = 0;
  const progress = openProgress(terminal, () => clock);
  terminal.note('Provisioning …');
  progress.step('provisioning', 80, 80);
  for (let look = 1; look <= 10; look++) {
    clock += 1000;
    progress.load({ ...now, elapsedMs: clock, answered: look * 8 });
  }
  terminal.settle();
  terminal.note('Judging …');
  return screen.text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal is told with
const TOLD = /\u001b\[([\d;?]*)([A-Za-z])|\n|\r|[^\u001b\n\r]+/g;

/** What a terminal shows in the end: line feeds, the cursor's way up and down, and erasures are done, colours not. */
function shown(text: string): string[] {
  const lines = [''];
  let row = 0;
  for (const [part, numbers, command] of text.matchAll(TOLD)) {
    const count = Number(numbers || 1);
    if (part === '\n' || command === 'E' || command === 'B') row += part === '\n' ? 1 : count;
    else if (command === 'A' || command === 'F') row = Math.max(0, row - count);
    else if (command === 'K') lines[row] = '';
    else if (command === 'J') lines.length = row + 1;
    else if (command === undefined && part !== '\r') lines[row] = (lines[row] ?? '') + part;
    while (lines.length <= row) lines.push('');
  }
  return lines;
}

describe('where somebody watches', () => {
  test('there is one block, drawn in place, left as it stands in the end', () => {
    const lines = shown(said(new Screen(true), { TERM: 'xterm' }));
    expect(lines.filter((line) => /^ {2}answered /.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /^ {2}sold /.test(line))).toHaveLength(1);
    expect(lines.join('\n')).toContain('80 of 80');
    expect(lines.join('\n')).not.toContain('72 of 80');
    expect(lines.join('\n')).toContain('Judging …');
  });

  test('the cursor that was hidden is shown again', () => {
    const text = said(new Screen(true), { TERM: 'xterm' });
    const hidden = text.lastIndexOf(`${ESCAPE}[?25l`);
    if (hidden >= 0) expect(text.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(hidden);
  });

  test('thousands of steps are a few drawings', () => {
    const screen = new Screen(true);
    const stream = screen as unknown as NodeJS.WriteStream;
    const terminal = openTerminal({ quiet: false, out: stream, words: stream, env: {} });
    let clock = 0;
    const progress = openProgress(terminal, () => clock);
    for (let done = 1; done <= 2000; done++) {
      clock += 1;
      progress.step('provisioning', done, 2000);
    }
    expect(screen.text.split('provisioning').length - 1).toBeLessThanOrEqual(22);
    expect(shown(screen.text).join('\n')).toContain('2000 of 2000');
  });

  test('a terminal without a size is told plain lines, as wide as usual', () => {
    const screen = new Screen(true);
    const stream = Object.assign(screen, { columns: 0, rows: 0 }) as unknown as NodeJS.WriteStream;
    const terminal = openTerminal({ quiet: false, out: stream, words: stream, env: {} });
    expect(terminal).toMatchObject({ interactive: false, colour: true, width: 100 });
  });

  test('--quiet says nothing', () => {
    expect(said(new Screen(true), { TERM: 'xterm' }, true)).toBe('');
  });
});

describe.each([
  ['no terminal', false, { TERM: 'xterm' }],
  ['NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '1' }],
  ['TERM=dumb', true, { TERM: 'dumb' }],
] as const)('%s', (_, isTTY, env) => {
  test('not one escape byte, and a line every few seconds', () => {
    const text = said(new Screen(isTTY), env);
    expect(text).not.toContain(ESCAPE);
    expect(text.split('\n').filter((line) => line.includes('of 80 answered'))).toHaveLength(2);
  });
});

test('a note gives CI no command and a terminal no escape', () => {
  const screen = new Screen(true);
  const stream = screen as unknown as NodeJS.WriteStream;
  const terminal = openTerminal({
    quiet: false,
    out: stream,
    words: stream,
    env: { NO_COLOR: '1' },
  });
  terminal.note('::error::x\n  ::add-mask::y\n##[group]\u001b[31m\u202e');
  expect(screen.text).not.toMatch(/^\s*::|##\[|\u202e/m);
  expect(screen.text).not.toContain(ESCAPE);
});

/**
 * Runs a command on a real pseudo terminal of 100 × 40: `script` belongs to every Debian, Ubuntu, Fedora and macOS.
 * Python's pty stands in where it is missing. The command's stdout and stderr are one there.
 */
function onTerminal(command: readonly string[], how: { env: NodeJS.ProcessEnv; cwd: string }) {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const line = `stty rows 40 cols 100; exec ${quoted}`;
  const [program, args] = terminalProgram(line);
  return untilEnd(spawn(program, args, { ...how, stdio: ['pipe', 'pipe', 'pipe'] }));
}

function terminalProgram(line: string): [program: string, args: string[]] {
  const folders = (process.env.PATH ?? '').split(':');
  if (folders.some((folder) => existsSync(`${folder}/script`)))
    return process.platform === 'darwin'
      ? ['script', ['-q', '/dev/null', 'sh', '-c', line]]
      : ['script', ['-qefc', line, '/dev/null']];
  const python =
    'import os,pty,sys; sys.exit(os.WEXITSTATUS(pty.spawn(["sh", "-c", sys.argv[1]])))';
  return ['python3', ['-c', python, line]];
}

describe('on a real terminal', async () => {
  const program = fileURLToPath(new URL('../../bin/loadtest', import.meta.url));
  const run = async (env: NodeJS.ProcessEnv): Promise<Ended> => {
    const shop = await startShop();
    const machine = await newMachine();
    const command = [process.execPath, program, ...smallRun(shop.url, '--timeout', '20s')];
    return onTerminal(command, { env: { ...machine.env, ...env }, cwd: machine.cwd });
  };

  test('the block is drawn, the verdict has colours, the cursor is there in the end', async () => {
    const { code, stdout } = await run({ TERM: 'xterm-256color' });
    expect([0, 3], stdout).toContain(code);
    expect(stdout).toMatch(/arrivals/);
    expect(stdout).toContain(`${ESCAPE}[`);
    expect(shown(stdout).filter((line) => /^ {2}answered /.test(line))).toHaveLength(1);
    expect(stdout.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThanOrEqual(
      stdout.lastIndexOf(`${ESCAPE}[?25l`),
    );
  });

  test('NO_COLOR there: not one escape byte', async () => {
    const { code, stdout } = await run({ TERM: 'xterm-256color', NO_COLOR: '1' });
    expect([0, 3], stdout).toContain(code);
    expect(stdout).toContain('Next ');
    expect(stdout).not.toContain(ESCAPE);
  });
});

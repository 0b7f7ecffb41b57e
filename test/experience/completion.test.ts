import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionScript } from '../../bin/flow/completion.ts';
import { buildProgram } from '../../bin/program.ts';
import { newMachine } from './product.ts';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale-completion-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a real bash offers when Tab is pressed after `line`. */
async function offered(line: string): Promise<string[]> {
  const script = join(folder, `${Math.random()}.bash`);
  const words = line.split(' ');
  await writeFile(script, completionScript(buildProgram(), 'bash'));
  const press = `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _loadtest; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-u', '-c', press, script, ...words]);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('in a real bash', () => {
  test('commands, and everything a command takes', async () => {
    const program = buildProgram();
    const names = program.commands.map((command) => command.name());
    expect(await offered('loadtest ')).toEqual(expect.arrayContaining(names));
    const flagsOf = (command: Command) => command.options.map(({ long }) => long);
    const runCommand = program.commands.find((command) => command.name() === 'run')!;
    expect(await offered('loadtest run ')).toEqual(
      expect.arrayContaining([...flagsOf(runCommand), '--help', 'purchase-burst']),
    );
  });

  test.each([
    ['loadtest ju', ['judge']],
    ['loadtest target ', ['up', 'list', 'down', '--help']],
    ['loadtest target up --det', ['--detach']],
    ['loadtest run purchase-burst --target prim', ['primepass']],
    ['loadtest run --arrivals ', ['burst', 'constant']],
    ['loadtest demo --flaw check', ['check-then-act']],
    ['loadtest completion z', ['zsh']],
    // File names: bash's own completion takes over.
    ['loadtest run purchase-burst --sla thr', []],
  ])('%j', async (line, words) => {
    expect(await offered(line)).toEqual(words);
  });
});

test.each(['bash', 'zsh', 'fish'])('the command prints the script for %s', async (shell) => {
  const machine = await newMachine();
  const { code, stdout, stderr } = await machine.loadtest(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(completionScript(buildProgram(), shell as 'bash'));
});

test('the script for fish quotes every description', () => {
  const lines = completionScript(buildProgram(), 'fish').trim().split('\n');
  for (const line of lines)
    expect(line).toMatch(/^complete -c loadtest -n '[^']*' .*-d '(?:[^'\\]|\\.)*'$/);
});

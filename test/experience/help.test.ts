import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../bin/program.ts';
import { newMachine } from './product.ts';

/** Every command with the words that lead to it. */
function commandsIn(command: Command, words: readonly string[] = []): string[][] {
  return [
    [...words],
    ...command.commands.flatMap((one) => commandsIn(one, [...words, one.name()])),
  ];
}

describe('help', async () => {
  const machine = await newMachine();

  test.each(commandsIn(buildProgram()).map((words) => [words.join(' '), words] as const))(
    'of "%s" is 0, with examples and exit codes',
    async (_, words) => {
      const { code, stdout, stderr } = await machine.loadtest([...words, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/\nExamples:\n {2}\$ (\. <\()?loadtest/);
      expect(stdout).toMatch(/\nExit codes:\n +0 {2}/);
    },
  );

  test.each([
    [['juge', 'latest'], 'judge'],
    [['target', 'upp'], 'up'],
    [['run', 'purchase-burst', '--sede', '1'], '--seed'],
    [['run', 'purchase-brust', '--target', 'primepass', '--url', 'http://x'], 'purchase-burst'],
    [['completion', 'zhs'], 'zsh'],
  ])('a mistyped %j is 2 and names %s', async (args, meant) => {
    const { code, stdout, stderr } = await machine.loadtest(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(meant);
  });

  test('nothing said is help on stderr and 2', async () => {
    const { code, stdout, stderr } = await machine.loadtest([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: loadtest');
  });
});

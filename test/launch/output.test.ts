import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const loadtest = fileURLToPath(new URL('../../bin/loadtest', import.meta.url));

/** Runs a line of bash in which `$1` is Node and `$2` the command. */
async function bash(line: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)('bash', ['-c', line, 'bash', process.execPath, loadtest]);
}

test('a reader that has gone changes neither the exit code nor stderr', async () => {
  const { stdout, stderr } = await bash('set -o pipefail; "$1" "$2" doctor | true; echo $?');
  expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
});

test('output that cannot be written is "could not run", not a verdict', async () => {
  const { stdout, stderr } = await bash('"$1" "$2" scenarios > /dev/full; echo $?');
  expect(stdout).toBe('4\n');
  expect(stderr).toMatch(/^loadtest: expected to write the output, got ENOSPC.*\n$/);
});

test('a fault outside any command is "could not run" too', async () => {
  const fault =
    'data:text/javascript,process.once("beforeExit", () => { throw new Error("astray") })';
  const line = `"$1" --import '${fault}' "$2" doctor > /dev/null; echo $?`;
  const { stdout, stderr } = await bash(line);
  expect(stdout).toBe('4\n');
  expect(stderr).toContain('a fault of Onsale itself, please report it');
});

import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { flaws } from '../../target/flaws/registry.ts';
import { runTarget } from './service.ts';

async function run(...args: string[]) {
  const program = runTarget(args);
  const { code } = await program.closed;
  return { code, output: program.output(), errors: program.errors() };
}

describe('the command line', () => {
  test('help, asked for or not, is on standard output', async () => {
    for (const args of [['--help'], [], ['up', '--help']]) {
      const { code, output, errors } = await run(...args);
      expect([code, errors]).toEqual([0, '']);
      expect(output).toMatch(
        /Usage: target up[\s\S]+APIs:\n {2}primepass[\s\S]+Exit codes[\s\S]+Examples/,
      );
    }
  });

  test('flaws are listed for people and for programs', async () => {
    expect((await run('flaws')).output.split('\n')).toHaveLength(flaws.length + 1);
    const { output } = await run('flaws', '--json');
    expect(JSON.parse(output)).toEqual(flaws.map(({ name, bug }) => ({ name, bug })));
    expect((await run('flaws', 'primepass', '--json')).output).toBe(output);
  });

  test.each([
    [['down'], '"down"', 'Did you mean "up"?'],
    [['up', '--flaw', 'check-than-act'], '"check-than-act"', 'Did you mean "check-then-act"?'],
    [['up', '--flaw', 'slow-tail,lost-updates'], '"lost-updates"', 'Did you mean "lost-update"?'],
    [['up', '--prot', '1'], '"--prot"', 'Did you mean "--port"?'],
    [['up', 'primepas'], '"primepas"', 'Did you mean "primepass"?'],
    [['flaws', 'primepas'], '"primepas"', 'Did you mean "primepass"?'],
    [['up', 'primepass', 'now'], '"now"', 'See "target --help".'],
    [['up', '--option', 'hold=60s'], '"hold"', 'Leave it out'],
    [['up', 'wdm', '--option', 'genration=2021'], '"genration"', 'Did you mean "generation"?'],
    [['up', 'wdm', '--option', 'generation=2022'], '"generation=2022"', '2021 where it is not'],
    [['up', 'wdm', '--option', 'generation'], '"generation"', '2021 where it is not'],
    [['up', 'wdm', '--flaw', 'lost-update'], '"lost-update"', 'Did you mean "slow-tail"?'],
    [['up', '--port', '70000'], '"70000"', '--port'],
    [['up', '--port', 'http'], '"http"', 'from 0 to 65535'],
    [['up', '--processes', '0'], '"0"', 'from 1 to 64'],
    [['up', '--port'], 'argument missing', 'target --help'],
    [['up', '--flaw', 'lost-update,check-then-act'], 'check-then-act, lost-update', 'each'],
  ])('%j is one clear error and exit 2', async (args, got, remedy) => {
    const { code, output, errors } = await run(...args);
    expect([code, output]).toEqual([2, '']);
    expect(errors).toMatch(/^target: expected .+\n {2}got: .+\n {2}where: .+\n {2}to do: .+\n$/);
    expect(errors).toContain(got);
    expect(errors).toContain(remedy);
  });

  test('a port in use is exit 4 and leaves nothing', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    const { code, output, errors } = await run('up', '--port', String(port));
    holder.close();
    expect([code, output]).toEqual([4, '']);
    expect(errors).toContain('another program is using it');
    expect(errors).toContain(`127.0.0.1 port ${port}`);
  });

  test.each([
    ['--host', '192.0.2.1'],
    ['--folder', join(tmpdir(), 'no', 'such', 'folder')],
    ['--folder', '/proc'],
  ])('%s %s cannot be used: exit 4', async (flag, value) => {
    const { code, output, errors } = await run('up', flag, value);
    expect([code, output]).toEqual([4, '']);
    expect(errors).toContain(value);
    expect(errors).toContain('to do:');
  });
});

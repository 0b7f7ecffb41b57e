import { recheck } from './recheck.ts';

/*
 * A program of its own: `node recheck/main.ts <certificate> [--run <folder>]` with Node 22.18 or newer, which runs
 * TypeScript as it stands; it needs no package and nothing else of this project.
 */
const [certificate, option, run, ...more] = process.argv.slice(2);
if (
  certificate === undefined ||
  more.length > 0 ||
  (option !== undefined && (option !== '--run' || run === undefined))
) {
  process.stderr.write('usage: recheck <certificate> [--run <folder of the run>]\n');
  process.exitCode = 2;
} else {
  const { code, lines } = await recheck(certificate, run ?? null);
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}

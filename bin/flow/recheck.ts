import { openRunFolder } from '../../lib/run/run-folder.ts';
import { recheck } from '../../recheck/recheck.ts';
import { sayable } from '../sayable.ts';

/** `recheck`: 0 the certificate proves its claim, 1 it does not, 2 it cannot be used. */
export async function recheckCertificate(path: string, run: string | null): Promise<number> {
  const folder = run === null ? null : await openRunFolder(run);
  const { code, lines } = await recheck(path, folder);
  const out = code === 2 ? process.stderr : process.stdout;
  out.write(`${sayable(lines.join('\n'))}\n`);
  return code;
}

import { exitCodeOf } from '../../lib/verdict/exit-codes.ts';
import { verdictText } from '../../reports/terminal/verdict-text.ts';
import type { Terminal } from '../terminal.ts';
import type { Judged } from './judge.ts';

/** Says the verdict on stdout, for people or for machines; returns the exit code it stands for. */
export function tellVerdict(
  { verdict, folder }: Judged,
  { json, terminal, reportPath }: { json: boolean; terminal: Terminal; reportPath: string },
): number {
  terminal.settle();
  process.stdout.write(
    json
      ? `${JSON.stringify(verdict, null, 2)}\n`
      : `${verdictText(verdict, { colour: terminal.colour, width: terminal.width, reportPath, runFolder: folder })}\n`,
  );
  return exitCodeOf(verdict);
}

import { exitCodeOf } from '../../lib/verdict/exit-codes.ts';
import { verdictText } from '../../reports/terminal/verdict-text.ts';
import type { Terminal } from '../terminal.ts';
import type { Judged } from './judge.ts';
import { shownPath } from './shown-path.ts';
import { typedTarget } from './typed-target.ts';

/** Says the verdict on stdout, for people or for machines; returns the exit code it stands for. */
export function tellVerdict(
  { verdict, folder }: Judged,
  { json, terminal, reportPath }: { json: boolean; terminal: Terminal; reportPath: string },
): number {
  terminal.settle();
  const text = json
    ? JSON.stringify(verdict, null, 2)
    : verdictText(verdict, {
        colour: terminal.colour,
        width: terminal.width,
        reportPath: shownPath(reportPath),
        runFolder: shownPath(folder),
        typedTarget: typedTarget(verdict.run.target),
        program: shownPath(process.argv[1] ?? 'bin/loadtest'),
      });
  process.stdout.write(`${text}\n`);
  return exitCodeOf(verdict);
}

import { createColors } from 'picocolors';
import type { Verdict } from '../../lib/model/verdict.ts';
import {
  besideWords,
  decisiveObjectives,
  factsOf,
  findingsByWeight,
  sentenceOf,
  totalsLine,
} from '../headline.ts';
import { certificateOf, certifiedInvariants, nextSteps } from '../next.ts';
import { visible } from '../text.ts';
import { withoutCommands, wrap } from './lines.ts';

export interface VerdictTextOptions {
  /** Without it there is not one escape byte in the text. */
  readonly colour: boolean;
  /** Columns, ≥ 20; fewer count as 20. */
  readonly width: number;
  readonly reportPath: string;
  readonly runFolder: string;
  /** The target as the reader can type it after `--target`. */
  readonly typedTarget: string;
  /** The command as the reader can type it. */
  readonly program: string;
}

const NAMED_MAX = 3;
const REASONS_MAX = 5;
const NAME_WIDTH_MAX = 40;
const VALUE_WIDTH = 'inconclusive'.length;
/** Columns with which a text can stand beside its name; in fewer it goes on below it. */
const TEXT_WIDTH_MIN = 32;

/** The first thing people see of a verdict, for a terminal; no line feed at its end. */
export function verdictText(verdict: Verdict, options: VerdictTextOptions): string {
  const page = new Page(options);
  page.headline(verdict);
  if (verdict.result !== 'pass') page.decisive(verdict);
  page.next(verdict, options);
  page.objectives(verdict);
  page.findings(verdict);
  page.validity(verdict);
  page.line(totalsLine(verdict));
  page.blank();
  // Broken apart it could not be copied.
  page.lines.push(`Report  ${visible(options.reportPath, 1000)}`);
  return page.lines.map(withoutCommands).join('\n');
}

class Page {
  readonly lines: string[] = [];
  readonly #width: number;
  readonly #colours: ReturnType<typeof createColors>;

  constructor({ colour, width }: VerdictTextOptions) {
    this.#width = Math.max(Number.isFinite(width) ? Math.floor(width) : 80, 20);
    this.#colours = createColors(colour);
  }

  line(text: string, first = '', indent = first): void {
    this.lines.push(...wrap(text, { width: this.#width, first, indent }));
  }

  blank(): void {
    this.lines.push('');
  }

  heading(text: string): void {
    this.lines.push(this.#colours.bold(text));
  }

  headline({ result, run, reasons, interrupted }: Verdict): void {
    const word = this.#coloured(result, result.toUpperCase());
    const address = run.url === '' ? '' : `, ${visible(run.url, 200)}`;
    const where = `${visible(run.scenario, 100)} on ${visible(run.target, 100)}${address}`;
    this.lines.push(`${this.#colours.bold(word)}  ${where}`);
    if (interrupted) this.line('Interrupted: what was recorded has been judged as far as it goes.');
    for (const reason of reasons.slice(0, REASONS_MAX)) this.line(visible(reason, 600), '', '  ');
    if (reasons.length > REASONS_MAX) {
      this.line(`… and ${reasons.length - REASONS_MAX} more reasons, in the report.`);
    }
    this.blank();
  }

  decisive(verdict: Verdict): void {
    const named = decisiveObjectives(verdict).slice(0, NAMED_MAX);
    for (const objective of named) {
      const { promise, result } = objective;
      this.lines.push(this.#coloured(result, `${visible(promise)}: ${result}`));
      this.line(visible(sentenceOf(objective), 600), '  ');
    }
    if (named.length > 0) this.blank();
  }

  /** Above the tables, which may fill a screen: a result that nobody can act on is half a result. */
  next(verdict: Verdict, typed: VerdictTextOptions): void {
    const { runFolder, program } = typed;
    const [next] = nextSteps(verdict, typed);
    this.lines.push(`Next    ${this.#colours.bold(next!.command)}`);
    this.line(`${next!.why}.`, '        ');
    const [violated, ...more] = certifiedInvariants(verdict);
    if (violated !== undefined) {
      this.lines.push(`Recheck ${certificateOf(runFolder, violated, program).command}`);
      const others = more.length === 0 ? '' : `; beside it: ${more.length} more`;
      this.line(`Check the certificate of ${visible(violated, 60)}${others}.`, '        ');
    }
    this.blank();
  }

  objectives({ objectives }: Verdict): void {
    if (objectives.length === 0) return;
    this.heading('Objectives');
    this.#rows(
      objectives.map((objective) => {
        const { measured, interval } = factsOf(objective);
        const text = interval === '' ? measured : `${measured} (${interval})`;
        return { value: objective.result, name: visible(objective.promise), text };
      }),
    );
    this.blank();
  }

  findings(verdict: Verdict): void {
    if (verdict.findings.length === 0) return;
    this.heading('Invariants');
    this.#rows(
      findingsByWeight(verdict).map((finding) => ({
        value: finding.value,
        name: visible(finding.invariant, 60),
        // Of what nobody could decide, the reader wants to know what would decide it.
        text: visible(finding.value === 'unknown' ? finding.missing[0]! : finding.summary, 300),
      })),
    );
    const beside = besideWords(verdict);
    if (beside !== '') this.line(`${beside}; the report lists them.`, '  ');
    this.blank();
  }

  validity({ validity }: Verdict): void {
    if (validity.length === 0) return;
    this.heading('Validity of the load');
    this.#rows(
      validity.map(({ id, result, because }) => ({
        value: result,
        name: visible(id, 60),
        text: visible(because, 300),
      })),
    );
    this.blank();
  }

  /** Value, name and text in columns, the text wrapped below itself. */
  #rows(rows: readonly { value: string; name: string; text: string }[]): void {
    const margin = ' '.repeat(VALUE_WIDTH + 4);
    const nameWidth = Math.max(...rows.map(({ name }) => Math.min(name.length, NAME_WIDTH_MAX)));
    const column = margin.length + nameWidth + 2;
    const isWide = this.#width - column >= TEXT_WIDTH_MIN;
    const indent = isWide ? ' '.repeat(column) : `${margin}  `;
    for (const { value, name, text } of rows) {
      const width = this.#width;
      const [first, ...rest] =
        name.length > nameWidth
          ? [
              ...wrap(name, { width, first: margin }),
              ...(text === '' ? [] : wrap(text, { width, first: indent })),
            ]
          : wrap(text, { width, first: `${margin}${name.padEnd(nameWidth)}  `, indent });
      const word = this.#coloured(value, value.padEnd(VALUE_WIDTH));
      this.lines.push(`  ${word}  ${first!.slice(margin.length).trimEnd()}`, ...rest);
    }
  }

  #coloured(value: string, text: string): string {
    const { green, red, yellow } = this.#colours;
    if (value === 'pass' || value === 'holds') return green(text);
    return value === 'fail' || value === 'violated' ? red(text) : yellow(text);
  }
}

import { besideWords, factsOf, findingsByWeight, totalsLine } from '../headline.ts';
import { certificateOf, certifiedInvariants, nextSteps } from '../next.ts';
import type { Renderer, ReportInput } from '../report.ts';
import { cutToBytes } from './cut.ts';
import { markdownCode, markdownText } from './escape.ts';

/** `summary.md`: for a pull request or a job summary. */
export const markdown: Renderer = {
  id: 'markdown',
  render: async (input) => [{ name: 'summary.md', content: summaryOf(input) }],
};

function summaryOf(input: ReportInput): string {
  const { verdict, runFolder } = input;
  const { run } = verdict;
  const page = `The whole report is ${markdownCode(`${runFolder}/report/report.html`)}.`;
  const [next] = nextSteps(verdict, input);
  const address = run.url === '' ? '' : ` at ${markdownCode(run.url)}`;
  const seed = run.seed === null ? '' : `, seed ${run.seed}`;
  const lines = [
    `## Onsale: ${verdict.result}`,
    '',
    `${markdownCode(run.scenario)} on ${markdownCode(run.target)}${address}, run ${markdownCode(run.runId)}${seed}`,
    '',
    ...(verdict.interrupted
      ? ['**The run was interrupted; what was recorded has been judged as far as it goes.**', '']
      : []),
    ...verdict.reasons.map((reason) => `- ${markdownText(reason, 600)}`),
    '',
    ...objectivesTable(input),
    ...findingsTable(input),
    ...certificates(input),
    ...besideLine(input),
    ...validityTable(input),
    totalsLine(verdict),
    '',
    `${next!.why}: ${markdownCode(next!.command, 2000)}`,
    '',
    page,
  ];
  return cutToBytes(lines, `**Cut here.** ${page}`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** What needs a reader's eye is bold. */
function word(value: string): string {
  return value === 'pass' || value === 'holds' ? value : `**${value}**`;
}

function objectivesTable({ verdict }: ReportInput): string[] {
  const rows = verdict.objectives.map((objective) => {
    const { measured, interval, limit } = factsOf(objective);
    return [
      word(objective.result),
      markdownText(objective.promise),
      ...[measured, interval, limit].map((fact) => markdownText(fact)),
    ];
  });
  return table(['', 'objective', 'measured', 'interval', 'limit'], rows);
}

function findingsTable({ verdict }: ReportInput): string[] {
  const rows = findingsByWeight(verdict).map(({ value, invariant, summary }) => [
    word(value),
    markdownText(invariant),
    markdownText(summary, 500),
  ]);
  return table(['', 'invariant', 'finding'], rows);
}

/** One line: what decides nothing must not push down what does. */
function besideLine({ verdict }: ReportInput): string[] {
  if (verdict.notJudged.length === 0) return [];
  const each = verdict.notJudged.map(
    ({ invariant, because }) =>
      `${markdownText(invariant)} (${markdownText(because.replace(/\.$/, ''))})`,
  );
  return [`${besideWords(verdict)}: ${each.join(', ')}.`, ''];
}

/** How to check each violation without believing this program. */
function certificates({ verdict, runFolder }: ReportInput): string[] {
  const lines = certifiedInvariants(verdict).map((invariant) => {
    const { path, command } = certificateOf(runFolder, invariant);
    return `- certificate ${markdownCode(path, 1000)}, to be checked by ${markdownCode(command, 2000)}`;
  });
  return lines.length === 0 ? [] : [...lines, ''];
}

/** Only what did not pass: a delivered load needs no words. */
function validityTable({ verdict }: ReportInput): string[] {
  const rows = verdict.validity
    .filter(({ result }) => result !== 'pass')
    .map(({ id, result, because }) => [word(result), markdownText(id), markdownText(because, 500)]);
  return table(['', 'load', 'because'], rows);
}

import { createColors } from 'picocolors';
import type { Certificate } from '../../lib/model/certificate.ts';
import type { Finding, Witness } from '../../lib/model/finding.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Rules } from '../../lib/model/rules.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { figureWords } from '../../reports/figure-words.ts';
import { showCount, showDate } from '../../reports/quantity.ts';
import { rowColumns } from '../../reports/row-columns.ts';
import { withoutCommands, wrap } from '../../reports/terminal/lines.ts';
import { visible } from '../../reports/text.ts';
import { timelineSvg } from '../../reports/timeline/svg.ts';
import { timelineText } from '../../reports/timeline/terminal.ts';
import { moneyWords } from './explain-money.ts';
import { restsOn, whyNothingElse } from './explain-reasons.ts';
import { type Origin, ruleMarks, ruleWords } from './explain-rules.ts';

/** Columns of a row that its sentence has a place for. */
const PLACED: readonly string[] = ['row', 'pool', 'tickets', 'intent', 'buyer'];

export interface Page {
  readonly colour: boolean;
  readonly width: number;
}

/** A finding with all that its story is told from. */
export interface Story {
  readonly finding: Finding;
  /** Null unless it is violated and was certified. */
  readonly certificate: Certificate | null;
  /** What the sale had promised; undefined where nothing is known of it. */
  readonly rules: Rules | undefined;
  readonly operations: readonly Operation[];
  /** T₀, Unix epoch ms; null where the sale never opened. */
  readonly startedAt: number | null;
  readonly statement: string;
  /** To be typed in the project's folder. */
  readonly recheck: string;
}

export type Beside = Verdict['notJudged'][number];

/** Every finding in one line each, then the claims that say nothing about the sale. */
export function listText(
  findings: readonly Finding[],
  notJudged: readonly Beside[],
  { statementOf, width }: Page & { readonly statementOf: (invariant: string) => string },
): string {
  const entries = [
    ...findings.map(({ invariant, value }) => ({ invariant, value, text: statementOf(invariant) })),
    ...notJudged.map(({ invariant, because }) => ({ invariant, value: 'beside', text: because })),
  ];
  if (entries.length === 0) return 'No invariant was judged.';
  const names = Math.max(...entries.map(({ invariant }) => visible(invariant, 60).length));
  return entries
    .flatMap(({ invariant, value, text }) =>
      wrap(visible(text), {
        width,
        first: `${value.padEnd(8)}  ${visible(invariant, 60).padEnd(names)}  `,
        indent: ' '.repeat(12 + names),
      }),
    )
    .map(withoutCommands)
    .join('\n');
}

/** Why a claim says nothing about the sale, and so decides nothing. */
export function besideText(
  { invariant, because }: Beside,
  { statement, colour, width }: Page & { readonly statement: string },
): string {
  const { bold } = createColors(colour);
  const paragraph = (text: string) =>
    wrap(visible(text), { width: Math.max(width, 40), first: '  ' });
  const lines = [
    `${bold('BESIDE')}  ${visible(invariant, 60)}`,
    '',
    bold('Claim'),
    ...paragraph(statement),
    '',
    bold('Why it says nothing about this sale'),
    ...paragraph(because),
    ...paragraph('So it was not judged, and decides nothing.'),
  ];
  return lines.map(withoutCommands).join('\n');
}

/** Claim, what was seen, why it is so, and the timeline; without colour there is not one escape byte in it. */
export function storyText(story: Story, page: Page): string {
  const { finding, statement } = story;
  const colours = createColors(page.colour);
  const width = Math.max(page.width, 40);
  const paint = { violated: colours.red, holds: colours.green, unknown: colours.yellow };
  const section = (title: string, paragraphs: readonly string[]) =>
    paragraphs.length === 0
      ? []
      : [
          '',
          colours.bold(title),
          ...paragraphs.flatMap((text) => wrap(text, { width, first: '  ' })),
        ];
  const lines = [
    `${colours.bold(paint[finding.value](finding.value.toUpperCase()))}  ${visible(finding.invariant, 60)}`,
    ...section('Claim', [visible(statement)]),
    ...section('What the sale had promised', promised(story)),
    ...section('What was seen', seen(finding)),
    ...section(...reasons(story)),
    ...section('Money', story.certificate === null ? [] : moneyWords(story.certificate)),
    ...section('Rows of the target', rowsOf(story)),
    ...drawing(story, colours.bold('Operations'), width),
    ...(story.certificate === null
      ? []
      : ['', colours.bold('Check it yourself'), `  ${visible(story.recheck, 2000)}`]),
  ];
  return lines.map(withoutCommands).join('\n');
}

/** The same as a picture that can stand alone: what was seen, the timeline, what was missing, and the rows. */
export function storySvg(story: Story): string {
  const { finding, statement, operations, startedAt, rules } = story;
  const [title, texts] = reasons(story);
  return timelineSvg(operations, {
    startedAt,
    title: `${statement}: ${finding.value}`,
    summary: finding.summary,
    sections: [
      { title, texts: finding.value === 'unknown' ? texts : [] },
      { title: 'Rows of the target', texts: rowsOf(story) },
    ],
    marks: ruleMarks(finding.invariant, rules),
  });
}

function seen(finding: Finding): string[] {
  const often =
    finding.value === 'violated' && finding.count > 1
      ? [`Found ${showCount(finding.count)} times; one of them is told here.`]
      : [];
  return [visible(finding.summary, 600), ...often, ...figuresOf(finding)];
}

function promised(story: Story): string[] {
  return ruleWords(story.finding.invariant, story.rules, originOf(story));
}

function originOf({ operations, startedAt }: Story): Origin | null {
  if (startedAt !== null) return { at: startedAt, is: 'the load began' };
  if (operations.length === 0) return null;
  return { at: Math.min(...operations.map(({ start }) => start)), is: 'the first operation' };
}

function figuresOf({ invariant, witness }: Finding): string[] {
  if (witness === null) return [];
  const figures = figureWords(invariant, witness.figures).map(
    ({ name, value }) => `${visible(name, 60)}: ${value}`,
  );
  return [...(figures.length === 0 ? [] : [figures.join('; ')]), ...witness.pools.map(poolWords)];
}

function poolWords({ id, remaining, capacity, counters = [] }: Witness['pools'][number]): string {
  const left = remaining === null ? 'not told how many' : showCount(remaining);
  const others = counters.map(
    (counter) => `; ${visible(counter.name, 60)} says ${showCount(counter.remaining)}`,
  );
  return `pool ${visible(id, 60)}: ${left} left of ${showCount(capacity)} in the end${others.join('')}`;
}

function reasons({ finding, certificate }: Story): [string, string[]] {
  switch (finding.value) {
    case 'violated':
      return [
        'Why there is no innocent explanation',
        whyNothingElse(finding.invariant, certificate),
      ];
    case 'unknown':
      return [
        'What was missing, and how to get it',
        finding.missing.map((each) => `– ${visible(each, 300)}`),
      ];
    case 'holds':
      return ['What it rests on', [restsOn(finding.invariant)]];
  }
}

function rowsOf(story: Story): string[] {
  const { finding, certificate } = story;
  const rows = certificate?.rows ?? finding.witness?.rows ?? [];
  const columns = rowColumns(rows, originOf(story)?.at ?? null, showDate).filter(
    ({ name }) => !PLACED.includes(name),
  );
  return rows.map((row) => {
    const { id, pool, quantity, intent, buyer } = row;
    const cells = columns.flatMap(({ name, cellOf }) => {
      const cell = visible(cellOf(row), 60);
      if (cell === '') return [];
      return name === 'status' ? [cell] : [`${name} ${cell}`];
    });
    const whose = intent === null ? 'names no intent of this run' : visible(intent, 60);
    const owner = buyer === '' ? 'names no buyer' : `buyer ${visible(buyer, 80)}`;
    const parts = [`${quantity} × pool ${visible(pool, 60)}`, ...cells, whose, owner];
    return `row ${visible(id, 60)}: ${parts.join(', ')}`;
  });
}

function drawing(story: Story, title: string, width: number): string[] {
  const { finding, rules, operations, startedAt } = story;
  const marks = ruleMarks(finding.invariant, rules);
  const lines = timelineText(operations, { startedAt, width, marks });
  return lines.length === 0 ? [] : ['', title, ...lines];
}

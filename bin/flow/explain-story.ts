import { createColors } from 'picocolors';
import type { Certificate } from '../../lib/model/certificate.ts';
import type { Finding, Witness } from '../../lib/model/finding.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { showCount, showDuration } from '../../reports/quantity.ts';
import { withoutCommands, wrap } from '../../reports/terminal/lines.ts';
import { visible } from '../../reports/text.ts';
import { timelineText } from '../../reports/timeline/terminal.ts';
import { whyNothingElse } from './explain-reasons.ts';

export interface Page {
  readonly colour: boolean;
  readonly width: number;
}

/** A finding with all that its story is told from. */
export interface Story {
  readonly finding: Finding;
  /** Null unless it is violated and was certified. */
  readonly certificate: Certificate | null;
  readonly operations: readonly Operation[];
  /** T₀, Unix epoch ms; null where the sale never opened. */
  readonly startedAt: number | null;
  readonly statement: string;
  /** To be typed in the project's folder. */
  readonly recheck: string;
}

/** Every finding in one line each. */
export function listText(
  findings: readonly Finding[],
  statementOf: (invariant: string) => string,
  { width }: Page,
): string {
  if (findings.length === 0) return 'No invariant was judged.';
  const names = Math.max(...findings.map(({ invariant }) => invariant.length));
  return findings
    .flatMap(({ invariant, value }) =>
      wrap(visible(statementOf(invariant)), {
        width,
        first: `${value.padEnd(8)}  ${visible(invariant, 60).padEnd(names)}  `,
        indent: ' '.repeat(12 + names),
      }),
    )
    .join('\n');
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
    ...section('What was seen', seen(finding)),
    ...section(...reasons(story)),
    ...section('Rows of the target', rowsOf(story)),
    ...drawing(story, colours.bold('Operations'), width),
    ...(story.certificate === null
      ? []
      : ['', colours.bold('Check it yourself'), `  ${visible(story.recheck, 2000)}`]),
  ];
  return lines.map(withoutCommands).join('\n');
}

function seen(finding: Finding): string[] {
  const often =
    finding.value === 'violated' && finding.count > 1
      ? [`Found ${showCount(finding.count)} times; one of them is told here.`]
      : [];
  return [visible(finding.summary, 600), ...often, ...figuresOf(finding.witness)];
}

function figuresOf(witness: Witness | null): string[] {
  if (witness === null) return [];
  const figures = Object.entries(witness.figures).map(
    ([name, value]) =>
      `${visible(name, 60)} ${name.endsWith('Ms') ? showDuration(value) : showCount(value)}`,
  );
  const pools = witness.pools.map(({ id, remaining, capacity }) => {
    const left = remaining === null ? 'not told how many' : showCount(remaining);
    return `pool ${visible(id, 60)}: ${left} left of ${showCount(capacity)}`;
  });
  return [...(figures.length === 0 ? [] : [figures.join(', ')]), ...pools];
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
      return [
        'What it rests on',
        [
          'Tickets were sold while buyers overlapped, every request is in the history, and the final state was read ' +
            'completely and twice the same; else this would be unknown.',
        ],
      ];
  }
}

function rowsOf({ finding, certificate }: Story): string[] {
  const rows = certificate?.rows ?? finding.witness?.rows ?? [];
  return rows.map(
    ({ id, pool, quantity, status, intent, buyer }) =>
      `row ${visible(id, 60)}: ${quantity} × pool ${visible(pool, 60)}, ${status}, ` +
      `${intent === null ? 'names no intent of this run' : visible(intent, 60)}, buyer ${visible(buyer, 80)}`,
  );
}

function drawing({ operations, startedAt }: Story, title: string, width: number): string[] {
  const lines = timelineText(operations, { startedAt, width });
  return lines.length === 0 ? [] : ['', title, ...lines];
}

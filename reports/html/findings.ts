import type { Finding, Witness } from '../../lib/model/finding.ts';
import { figureWords } from '../figure-words.ts';
import { besideWords, findingsByWeight } from '../headline.ts';
import { certificateOf } from '../next.ts';
import { showCount } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { rowColumns } from '../row-columns.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { pill } from './summary.ts';
import { timeline } from './witness.ts';

/** Every invariant: statement, value, evidence and witness; what is violated first. */
export function findings(input: ReportInput): Markup {
  const list = findingsByWeight(input.verdict);
  return html`<section><h2>Invariants</h2>${
    list.length === 0 ? html`<p>None were judged.</p>` : list.map((finding) => card(finding, input))
  }${beside(input)}</section>`;
}

/** Claims that decide nothing, compactly: nobody has to show them, but a reader may miss them. */
function beside({ verdict, statements }: ReportInput): Piece {
  if (verdict.notJudged.length === 0) return null;
  return html`<article class="card"><h3>${besideWords(verdict)}</h3>
<dl class="pairs">${verdict.notJudged.map(
    ({ invariant, because }) =>
      html`<dt><bdi>${statementOf(invariant, statements)}</bdi></dt><dd class="faint"><bdi>${because}</bdi> <bdi>(${invariant})</bdi></dd>`,
  )}</dl></article>`;
}

function statementOf(invariant: string, statements: ReportInput['statements']): string {
  return Object.hasOwn(statements, invariant) ? statements[invariant]! : invariant;
}

function card(finding: Finding, { statements, manifest, runFolder }: ReportInput): Markup {
  return html`<article class="card">
<h3><bdi>${statementOf(finding.invariant, statements)}</bdi> ${pill(finding.value)}</h3>
<p><bdi>${finding.summary}</bdi></p>
${finding.value === 'unknown' ? missing(finding.missing) : null}
${finding.value === 'violated' && finding.count > 1 ? html`<p>Found ${showCount(finding.count)} times; one of them:</p>` : null}
${evidence(finding, manifest.load?.startedAt ?? null)}
${finding.value === 'violated' ? certificate(runFolder, finding.invariant) : null}
<p class="faint"><bdi>${finding.invariant}</bdi></p>
</article>`;
}

/** How a reader can check it without believing this program. */
function certificate(runFolder: string, invariant: string): Markup {
  const { path, command } = certificateOf(runFolder, invariant);
  return html`<p>Its certificate is <code>${path}</code>; a small program that shares no code with the judge checks it:</p>
<p class="next"><code>${command}</code></p>`;
}

/** What holds is believed by most readers; its witness is a click away and does not push the others down. */
function evidence({ invariant, value, witness }: Finding, startedAt: number | null): Piece {
  if (witness === null) return null;
  const shown = evidenceOf(invariant, witness, startedAt);
  const bare = witness.operations.length + witness.rows.length === 0;
  return value === 'holds' && !bare
    ? html`<details><summary>Witness</summary>${shown}</details>`
    : shown;
}

function missing(list: readonly string[]): Markup {
  return html`<p>To decide it, this was missing:</p>
<ul>${list.map((one) => html`<li><bdi>${one}</bdi></li>`)}</ul>`;
}

function evidenceOf(
  invariant: string,
  { operations, rows, pools, figures }: Witness,
  startedAt: number | null,
): Markup {
  return html`${figuresTable(figureWords(invariant, figures), pools)}
${operations.length === 0 ? null : timeline(operations, startedAt)}
${rows.length === 0 ? null : rowsTable(rows, startedAt)}`;
}

function figuresTable(figures: ReturnType<typeof figureWords>, pools: Witness['pools']): Piece {
  if (figures.length + pools.length === 0) return null;
  return html`<dl class="facts">${figures.map(
    ({ name, value }) => html`<div><dt><bdi>${name}</bdi></dt><dd>${value}</dd></div>`,
  )}${pools.map(
    ({ id, remaining, capacity, counters = [] }) =>
      html`<div><dt>pool <bdi>${id}</bdi></dt><dd>${remaining === null ? 'not told' : showCount(remaining)} left of ${showCount(capacity)} in the end</dd>${counters.map(
        (counter) =>
          html`<dd class="faint"><bdi>${counter.name}</bdi>: ${showCount(counter.remaining)} left</dd>`,
      )}</div>`,
  )}</dl>`;
}

function rowsTable(rows: Witness['rows'], startedAt: number | null): Markup {
  const columns = rowColumns(rows, startedAt);
  return html`<h4>Rows of the target</h4>
<table><thead><tr>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map(({ name, cellOf }) => html`<td data-name="${name}"><bdi>${cellOf(row)}</bdi></td>`)}</tr>`,
  )}</tbody></table>`;
}

import type { Finding, Witness } from '../../lib/model/finding.ts';
import { findingsByWeight } from '../headline.ts';
import { certificateOf } from '../next.ts';
import { showCount, showDuration } from '../quantity.ts';
import type { ReportInput } from '../report.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { pill } from './summary.ts';
import { timeline } from './witness.ts';

/** Every invariant: statement, value, evidence and witness; what is violated first. */
export function findings(input: ReportInput): Markup {
  const list = findingsByWeight(input.verdict);
  return html`<section><h2>Invariants</h2>${
    list.length === 0 ? html`<p>None were judged.</p>` : list.map((finding) => card(finding, input))
  }</section>`;
}

function card(finding: Finding, { statements, manifest, runFolder }: ReportInput): Markup {
  const statement = Object.hasOwn(statements, finding.invariant)
    ? statements[finding.invariant]!
    : finding.invariant;
  return html`<article class="card">
<h3><bdi>${statement}</bdi> ${pill(finding.value)}</h3>
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
function evidence({ value, witness }: Finding, startedAt: number | null): Piece {
  if (witness === null) return null;
  const shown = evidenceOf(witness, startedAt);
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
  { operations, rows, pools, figures }: Witness,
  startedAt: number | null,
): Markup {
  return html`${figuresTable(figures, pools)}
${operations.length === 0 ? null : timeline(operations, startedAt)}
${rows.length === 0 ? null : rowsTable(rows)}`;
}

function figuresTable(figures: Witness['figures'], pools: Witness['pools']): Piece {
  const entries = Object.entries(figures);
  if (entries.length + pools.length === 0) return null;
  return html`<dl class="facts">${entries.map(
    ([name, value]) =>
      html`<div><dt><bdi>${wordsOf(name)}</bdi></dt><dd>${name.endsWith('Ms') ? showDuration(value) : showCount(value)}</dd></div>`,
  )}${pools.map(
    ({ id, remaining, capacity }) =>
      html`<div><dt>pool <bdi>${id}</bdi></dt><dd>${remaining === null ? 'not told' : showCount(remaining)} left of ${showCount(capacity)}</dd></div>`,
  )}</dl>`;
}

/** `exceededAfterMs` → `exceeded after`: the unit stands by the value. */
function wordsOf(name: string): string {
  return name
    .replace(/Ms$/, '')
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function rowsTable(rows: Witness['rows']): Markup {
  const columns = ['row', 'pool', 'tickets', 'status', 'intent', 'buyer'];
  return html`<h4>Rows of the target</h4>
<table><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => {
    const cells = [row.id, row.pool, row.quantity, row.status, row.intent ?? 'none', row.buyer];
    return html`<tr>${cells.map((cell, i) => html`<td data-name="${columns[i]!}"><bdi>${cell}</bdi></td>`)}</tr>`;
  })}</tbody></table>`;
}

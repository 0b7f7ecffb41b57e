import type { ObjectiveResult, Unit, Verdict } from '../../lib/model/verdict.ts';
import { factsOf } from '../headline.ts';
import { showCount, showValue } from '../quantity.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { facts, pill } from './summary.ts';

/** Every promise, with its interval drawn against the limit. */
export function objectives({ objectives: list }: Verdict): Markup {
  return html`<section><h2>Objectives</h2>${list.length === 0 ? html`<p>None were given.</p>` : list.map(objective)}</section>`;
}

function objective(one: ObjectiveResult): Markup {
  return html`<article class="card">
<h3><bdi>${one.promise}</bdi> ${pill(one.result)}</h3>
${one.measurement === null ? null : facts(factsOf(one))}
${drawing(one)}
<p class="${one.measurement === null ? 'because' : 'faint'}"><bdi>${one.because}</bdi></p>
<p class="faint"><bdi>${one.id}</bdi>${method(one)}</p>
</article>`;
}

function method({ measurement }: ObjectiveResult): Piece {
  if (measurement === null) return null;
  return html` · ${showCount(measurement.samples)} samples · <bdi>${measurement.method}</bdi>`;
}

/** A little beyond the greatest; a ratio's axis ends at the whole. */
function axisEnd(unit: Unit, greatest: number): number {
  const end = greatest * 1.12 || 1;
  return unit === 'ratio' && greatest <= 1 ? Math.min(end, 1) : end;
}

/** Interval as a bar with its value, on the side of the limit it lies; places in percent, so that it fits any width. */
function drawing({ limit, measurement }: ObjectiveResult): Piece {
  if (limit === null || measurement === null || measurement.samples === 0) return null;
  const { value, low, high, unit } = measurement;
  const greatest = axisEnd(unit, Math.max(value ?? 0, low ?? 0, high ?? 0, limit.value));
  const at = (x: number) => `${((100 * Math.max(x, 0)) / greatest).toFixed(2)}%`;
  const width = (from: number, to: number) => at(Math.max(to - from, 0));
  const from = low ?? 0;
  const to = high ?? greatest;
  const allowed =
    limit.direction === 'lte' ? { from: 0, to: limit.value } : { from: limit.value, to: greatest };
  const onRight = limit.value > greatest / 2;
  const words = `${value === null ? 'no finite value' : showValue(value, unit)} against a limit of ${showValue(limit.value, unit)}`;
  return html`<svg class="interval" width="100%" height="56" role="img" aria-label="${words}">
<rect class="allowed" x="${at(allowed.from)}" y="20" width="${width(allowed.from, allowed.to)}" height="24"/>
<line class="axis" x1="0" x2="100%" y1="44" y2="44"/>
<rect class="range" x="${at(from)}" y="29" width="${width(from, to)}" height="6" rx="3"/>
${value === null ? null : html`<circle class="value" cx="${at(value)}" cy="32" r="6"/>`}
<line class="limit" x1="${at(limit.value)}" x2="${at(limit.value)}" y1="14" y2="50"/>
<text class="limit-name" x="${at(limit.value)}" dx="${onRight ? -6 : 6}" y="12" text-anchor="${onRight ? 'end' : 'start'}">limit ${showValue(limit.value, unit)}</text>
</svg>
<p class="ends faint" aria-hidden="true"><span>0</span><span>${showValue(greatest, unit)}</span></p>`;
}

import type { Operation } from '../../lib/model/operation.ts';
import { visible } from '../text.ts';
import { type Lane, timelineOf } from '../timeline/lanes.ts';
import { html, type Markup, type Piece } from './markup.ts';

const INTENT_SHOWN = 80;
const REPLY_SHOWN = 160;

/**
 * A witness' operations, one lane each. The outcome shows by colour, by shape (filled, hollow, dotted, open at the end)
 * and by its name. Places are in percent: the drawing fits any width and its letters keep their size.
 */
export function timeline(operations: readonly Operation[], startedAt: number | null): Markup {
  const { lanes, first, last } = timelineOf(operations, startedAt);
  return html`<h4>Operations</h4>
<ol class="lanes">${lanes.map(lane)}</ol>
<p class="ends faint" aria-hidden="true"><span>${first}</span><span>${last} since the load began</span></p>`;
}

function lane(one: Lane): Markup {
  const { outcome, status, session, intent, reason, reply } = one.operation;
  const why = reason === '' ? null : html` (<bdi>${reason}</bdi>)`;
  return html`<li>
<p><strong class="${outcome}">${outcome}</strong>${why} · <bdi>${one.asked}</bdi> · ${one.begins} to ${one.ends}${one.told.map((words) => html` · <b><bdi>${words}</bdi></b>`)}<br>
<span class="faint">HTTP ${status === 0 ? 'none' : status} · session ${session} · <bdi>${visible(intent, INTENT_SHOWN)}</bdi></span></p>
${bar(one)}
${reply === '' ? null : html`<p class="faint reply">“<bdi>${visible(reply, REPLY_SHOWN)}</bdi>”</p>`}
</li>`;
}

function bar({ operation, from, to, isOpen }: Lane): Markup {
  const x = 100 * from;
  const width = Math.max(100 * (to - from), 0.5);
  const after = x + width;
  const percent = (value: number) => `${value.toFixed(2)}%`;
  const open: Piece = isOpen
    ? html`<line class="open" x1="${percent(after)}" x2="100%" y1="9" y2="9"/>`
    : null;
  return html`<svg width="100%" height="18" aria-hidden="true">
${[0, 25, 50, 75].map((tick) => html`<line class="tick" x1="${tick}%" x2="${tick}%" y1="0" y2="18"/>`)}
${open}<rect class="bar ${operation.outcome}" x="${percent(x)}" y="3" width="${percent(width)}" height="12" rx="3"/>
</svg>`;
}

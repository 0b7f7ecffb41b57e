import type { Operation } from '../../lib/model/operation.ts';
import { showDuration } from '../quantity.ts';
import { visible } from '../text.ts';
import { html, type Markup, type Piece } from './markup.ts';

const INTENT_SHOWN = 80;
const REPLY_SHOWN = 160;

/**
 * A witness' operations, one lane each on one time axis, so that a reader sees which were under way together. The
 * outcome shows by colour, by shape (filled, hollow, dotted, open at the end) and by its name. Places are in percent:
 * the drawing fits any width and its letters keep their size.
 */
export function timeline(operations: readonly Operation[], startedAt: number | null): Markup {
  const first = Math.min(...operations.map(({ start }) => start));
  const last = Math.max(...operations.map(({ end }) => end));
  const spanMs = Math.max(last - first, 1) * 1.06;
  const origin = startedAt ?? first;
  return html`<h4>Operations</h4>
<ol class="lanes">${operations.map((operation) => lane(operation, { first, spanMs, origin }))}</ol>
<p class="ends faint" aria-hidden="true"><span>${showDuration(first - origin)}</span><span>${showDuration(first + spanMs - origin)} since the sale opened</span></p>`;
}

interface Frame {
  readonly first: number;
  readonly spanMs: number;
  readonly origin: number;
}

function lane(operation: Operation, frame: Frame): Markup {
  const { outcome, quantity, pool, start, end, status, session, intent, reason, reply } = operation;
  const since = (time: number) => showDuration(time - frame.origin);
  const why = reason === '' ? null : html` (<bdi>${reason}</bdi>)`;
  const until = outcome === 'info' ? `${since(end)}, then unknown` : since(end);
  return html`<li>
<p><strong class="${outcome}">${outcome}</strong>${why} · ${quantity} × <bdi>${visible(pool, INTENT_SHOWN)}</bdi> · ${since(start)} to ${until}<br>
<span class="faint">HTTP ${status === 0 ? 'none' : status} · session ${session} · <bdi>${visible(intent, INTENT_SHOWN)}</bdi></span></p>
${bar(operation, frame)}
${reply === '' ? null : html`<p class="faint reply">“<bdi>${visible(reply, REPLY_SHOWN)}</bdi>”</p>`}
</li>`;
}

function bar({ start, end, outcome }: Operation, { first, spanMs }: Frame): Markup {
  const x = (100 * (start - first)) / spanMs;
  const width = Math.max((100 * (end - start)) / spanMs, 0.5);
  const after = x + width;
  const percent = (value: number) => `${value.toFixed(2)}%`;
  // What an uncertain operation did may happen at any later time: its lane stays open.
  const open: Piece =
    outcome === 'info'
      ? html`<line class="open" x1="${percent(after)}" x2="100%" y1="9" y2="9"/>`
      : null;
  return html`<svg width="100%" height="18" aria-hidden="true">
${[0, 25, 50, 75].map((tick) => html`<line class="tick" x1="${tick}%" x2="${tick}%" y1="0" y2="18"/>`)}
${open}<rect class="bar ${outcome}" x="${percent(x)}" y="3" width="${percent(width)}" height="12" rx="3"/>
</svg>`;
}

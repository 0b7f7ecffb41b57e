import type { Operation } from '../../lib/model/operation.ts';
import { html, type Markup, type Piece, trusted } from '../html/markup.ts';
import { dark, light, type Theme } from '../png/theme.ts';
import { visible } from '../text.ts';
import { type Lane, timelineOf } from './lanes.ts';

const WIDTH = 900;
const MARGIN = 24;
const TITLE_HEIGHT = 56;
const LANE_HEIGHT = 76;
/** Code points that a line has room for. */
const LINE_SHOWN = 105;
const AXIS_WIDTH = WIDTH - 2 * MARGIN;

/**
 * The lanes as one SVG file: no script, nothing from elsewhere, every text escaped, colours by the reader's scheme.
 * Without operations it says so.
 */
export function timelineSvg(
  operations: readonly Operation[],
  { startedAt, title }: { readonly startedAt: number | null; readonly title: string },
): string {
  const height = TITLE_HEIGHT + Math.max(operations.length, 1) * LANE_HEIGHT + 40;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>${trusted(style)}</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
<text class="title" x="${MARGIN}" y="34">${visible(title, 100)}</text>
${operations.length === 0 ? html`<text x="${MARGIN}" y="80">No operation is part of it.</text>` : drawn(operations, startedAt, height)}
</svg>
`.text;
}

function drawn(operations: readonly Operation[], startedAt: number | null, height: number): Piece {
  const { lanes, first, last } = timelineOf(operations, startedAt);
  const bottom = height - 32;
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const x = MARGIN + part * AXIS_WIDTH;
      return html`<line class="tick" x1="${x}" x2="${x}" y1="${TITLE_HEIGHT - 6}" y2="${bottom}"/>\n`;
    }),
    ...lanes.map((one, i) => lane(one, TITLE_HEIGHT + i * LANE_HEIGHT)),
    html`<text class="faint" x="${MARGIN}" y="${height - 12}">${first}</text>
<text class="faint" x="${WIDTH - MARGIN}" y="${height - 12}" text-anchor="end">${last}</text>`,
  ];
}

function lane(
  { operation, from, to, isOpen, begins, ends, asked, told }: Lane,
  top: number,
): Markup {
  const { outcome, reason, status, intent } = operation;
  const x = MARGIN + from * AXIS_WIDTH;
  const width = Math.max((to - from) * AXIS_WIDTH, 4);
  const why = reason === '' ? '' : ` (${visible(reason, 30)})`;
  const room = LINE_SHOWN - outcome.length - why.length;
  const first = visible(`${asked} · ${begins} to ${ends}`, room);
  const reply = `HTTP ${status === 0 ? 'none' : status}`;
  const second = visible([reply, ...told, visible(intent, 40)].join(' · '), LINE_SHOWN);
  const open = html`<line class="open" x1="${x + width}" x2="${WIDTH - MARGIN}" y1="${top + 52}" y2="${top + 52}"/>`;
  return html`<text x="${MARGIN}" y="${top + 16}"><tspan class="${outcome}">${outcome}${why}</tspan> · ${first}</text>
<text class="faint" x="${MARGIN}" y="${top + 35}">${second}</text>
${isOpen ? open : null}<rect class="bar ${outcome}" x="${x}" y="${top + 44}" width="${width}" height="16" rx="3"/>
`;
}

function colours({ background, text, textFaint, grid, roles }: Theme): string {
  return (
    `.page{fill:${background}}text{fill:${text}}.faint{fill:${textFaint}}.tick{stroke:${grid}}` +
    `tspan.ok{fill:${roles.good}}tspan.refused{fill:${roles.muted}}tspan.fail{fill:${roles.bad}}tspan.info{fill:${roles.secondary}}` +
    `.bar.ok{fill:${roles.good};stroke:${roles.good}}.bar.refused{stroke:${roles.muted}}.bar.fail{stroke:${roles.bad}}` +
    `.bar.info{fill:${roles.secondary};stroke:${roles.secondary}}.open{stroke:${roles.secondary}}`
  );
}

const style =
  'text{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}' +
  '.title{font-size:18px;font-weight:600}tspan{font-weight:600}' +
  '.bar{fill:none;stroke-width:2}.bar.fail{stroke-dasharray:2 2}.open{stroke-width:2;stroke-dasharray:4 4}' +
  `${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;

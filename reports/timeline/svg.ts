import type { Operation } from '../../lib/model/operation.ts';
import { html, type Markup, type Piece, trusted } from '../html/markup.ts';
import { dark, light, type Theme } from '../png/theme.ts';
import { visible } from '../text.ts';
import { type DrawnMark, type Lane, type Mark, type Timeline, timelineOf } from './lanes.ts';

const WIDTH = 900;
const MARGIN = 24;
const TITLE_HEIGHT = 56;
const LANE_HEIGHT = 76;
const MARK_HEIGHT = 24;
/** Code points that a line has room for. */
const LINE_SHOWN = 105;
const AXIS_WIDTH = WIDTH - 2 * MARGIN;

export interface SvgPage {
  readonly startedAt: number | null;
  readonly title: string;
  readonly marks?: readonly Mark[];
}

/**
 * The lanes as one SVG file: no script, nothing from elsewhere, every text escaped, colours by the reader's scheme.
 * Without operations it says so.
 */
export function timelineSvg(
  operations: readonly Operation[],
  { startedAt, title, marks = [] }: SvgPage,
): string {
  const timeline = operations.length === 0 ? null : timelineOf(operations, startedAt, marks);
  const lanesHeight = Math.max(operations.length, 1) * LANE_HEIGHT;
  const height = TITLE_HEIGHT + lanesHeight + (timeline?.marks.length ?? 0) * MARK_HEIGHT + 40;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>${trusted(style)}</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
<text class="title" x="${MARGIN}" y="34">${visible(title, 100)}</text>
${timeline === null ? html`<text x="${MARGIN}" y="80">No operation is part of it.</text>` : drawn(timeline, height)}
</svg>
`.text;
}

function drawn({ lanes, marks, first, last }: Timeline, height: number): Piece {
  const bottom = height - 32;
  const flagsTop = TITLE_HEIGHT + lanes.length * LANE_HEIGHT;
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const x = MARGIN + part * AXIS_WIDTH;
      return html`<line class="tick" x1="${x}" x2="${x}" y1="${TITLE_HEIGHT - 6}" y2="${bottom}"/>\n`;
    }),
    ...lanes.map((one, i) => lane(one, marks, TITLE_HEIGHT + i * LANE_HEIGHT)),
    ...marks.map((mark, i) => flag(mark, flagsTop + i * MARK_HEIGHT)),
    html`<text class="faint" x="${MARGIN}" y="${height - 12}">${first}</text>
<text class="faint" x="${WIDTH - MARGIN}" y="${height - 12}" text-anchor="end">${last}</text>`,
  ];
}

function lane(
  { operation, from, to, isOpen, begins, ends, asked, told }: Lane,
  marks: readonly DrawnMark[],
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
${isOpen ? open : null}${marks.map((mark) => upright(mark, top + 40, top + 66))}<rect class="bar ${outcome}" x="${x}" y="${top + 44}" width="${width}" height="16" rx="3"/>
`;
}

const placeOf = ({ place }: DrawnMark) => MARGIN + place * AXIS_WIDTH;

/** Beside bars and at its foot only, so that it crosses no words. */
function upright(mark: DrawnMark, from: number, to: number): Markup {
  const x = placeOf(mark);
  return html`<line class="mark" x1="${x}" x2="${x}" y1="${from}" y2="${to}"/>`;
}

/** The foot of a mark's line with its words, on the side that has more room. */
function flag(mark: DrawnMark, top: number): Markup {
  const isLeft = mark.place < 0.5;
  const x = placeOf(mark) + (isLeft ? 8 : -8);
  return html`${upright(mark, top, top + 16)}<text x="${x}" y="${top + 13}" text-anchor="${isLeft ? 'start' : 'end'}">${visible(mark.words, 60)}</text>
`;
}

function colours({ background, text, textFaint, grid, mark, roles }: Theme): string {
  return (
    `.page{fill:${background}}text{fill:${text}}.faint{fill:${textFaint}}.tick{stroke:${grid}}.mark{stroke:${mark}}` +
    `tspan.ok{fill:${roles.good}}tspan.refused{fill:${roles.muted}}tspan.fail{fill:${roles.bad}}tspan.info{fill:${roles.secondary}}` +
    `.bar.ok{fill:${roles.good};stroke:${roles.good}}.bar.refused{stroke:${roles.muted}}.bar.fail{stroke:${roles.bad}}` +
    `.bar.info{fill:${roles.secondary};stroke:${roles.secondary}}.open{stroke:${roles.secondary}}`
  );
}

const style =
  'text{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}' +
  '.title{font-size:18px;font-weight:600}tspan{font-weight:600}' +
  '.bar{fill:none;stroke-width:2}.bar.fail{stroke-dasharray:2 2}.open{stroke-width:2;stroke-dasharray:4 4}' +
  '.mark{stroke-width:2}' +
  `${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;

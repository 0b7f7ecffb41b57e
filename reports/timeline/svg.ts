import type { Operation } from '../../lib/model/operation.ts';
import { html, type Markup, type Piece, trusted } from '../html/markup.ts';
import { dark, light, type Theme } from '../png/theme.ts';
import { wrap } from '../terminal/lines.ts';
import { visible } from '../text.ts';
import { type DrawnMark, type Lane, type Mark, type Timeline, timelineOf } from './lanes.ts';

const WIDTH = 900;
const MARGIN = 24;
const TITLE_HEIGHT = 56;
const LANE_HEIGHT = 76;
const MARK_HEIGHT = 24;
const AXIS_HEIGHT = 40;
const LINE_HEIGHT = 20;
/** Code points that a line has room for. */
const LINE_SHOWN = 105;
const AXIS_WIDTH = WIDTH - 2 * MARGIN;

/** A heading and what stands below it, still to be cut into lines. */
export interface Section {
  readonly title: string;
  readonly texts: readonly string[];
}

export interface SvgPage {
  readonly startedAt: number | null;
  readonly title: string;
  /** What was seen, in a sentence or two: whoever has only the picture is to understand it. */
  readonly summary: string;
  /** What belongs to it and is no operation, such as rows; below the lanes, those without texts left out. */
  readonly sections?: readonly Section[];
  readonly marks?: readonly Mark[];
}

/**
 * The lanes as one SVG file: no script, nothing from elsewhere, every text escaped, colours by the reader's scheme.
 * Without operations it says so.
 */
export function timelineSvg(
  operations: readonly Operation[],
  { startedAt, title, summary, sections = [], marks = [] }: SvgPage,
): string {
  const timeline = operations.length === 0 ? null : timelineOf(operations, startedAt, marks);
  const seen = linesOf(timeline === null ? [summary, 'No operation is part of it.'] : [summary]);
  const top = TITLE_HEIGHT + seen.length * LINE_HEIGHT;
  const bottom = top + (timeline === null ? 0 : heightOf(timeline));
  const beside = sections.filter(({ texts }) => texts.length > 0).flatMap(sectionLines);
  const height = bottom + beside.length * LINE_HEIGHT + 12;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>${trusted(style)}</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
<text class="title" x="${MARGIN}" y="34">${visible(title, 100)}</text>
${written(seen, TITLE_HEIGHT)}${timeline === null ? null : drawn(timeline, top, bottom)}${written(beside, bottom)}</svg>
`.text;
}

interface Line {
  readonly text: string;
  readonly style: 'plain' | 'heading';
}

/** Words that are too long for a line are cut, so that nothing runs out of the picture. */
function linesOf(texts: readonly string[]): Line[] {
  return texts
    .flatMap((text) => wrap(visible(text, 600), { width: LINE_SHOWN }))
    .map((line) => ({ text: visible(line, LINE_SHOWN), style: 'plain' }));
}

function sectionLines({ title, texts }: Section): Line[] {
  return [
    { text: '', style: 'plain' },
    { text: visible(title, LINE_SHOWN), style: 'heading' },
    ...linesOf(texts),
  ];
}

function written(lines: readonly Line[], top: number): Piece {
  return lines.map(({ text, style }, i) =>
    text === ''
      ? null
      : html`<text class="${style}" x="${MARGIN}" y="${top + i * LINE_HEIGHT + 4}">${text}</text>\n`,
  );
}

const heightOf = ({ lanes, marks }: Timeline) =>
  lanes.length * LANE_HEIGHT + marks.length * MARK_HEIGHT + AXIS_HEIGHT;

function drawn({ lanes, marks, first, last }: Timeline, top: number, bottom: number): Piece {
  const axis = bottom - AXIS_HEIGHT;
  const flagsTop = top + lanes.length * LANE_HEIGHT;
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const x = MARGIN + part * AXIS_WIDTH;
      return html`<line class="tick" x1="${x}" x2="${x}" y1="${top - 6}" y2="${axis + 8}"/>\n`;
    }),
    ...lanes.map((one, i) => lane(one, marks, top + i * LANE_HEIGHT)),
    ...marks.map((mark, i) => flag(mark, flagsTop + i * MARK_HEIGHT)),
    html`<text class="faint" x="${MARGIN}" y="${axis + 28}">${first}</text>
<text class="faint" x="${WIDTH - MARGIN}" y="${axis + 28}" text-anchor="end">${last}</text>
`,
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
  '.title{font-size:18px;font-weight:600}tspan,.heading{font-weight:600}' +
  '.bar{fill:none;stroke-width:2}.bar.fail{stroke-dasharray:2 2}.open{stroke-width:2;stroke-dasharray:4 4}' +
  '.mark{stroke-width:2}' +
  `${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;

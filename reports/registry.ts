import { html } from './html/html.ts';
import { junit } from './junit/junit.ts';
import { markdown } from './markdown/markdown.ts';
import { png } from './png/png.ts';
import type { Renderer } from './report.ts';

/** Every kind of report that a run gets; a new one is a folder and a line here. */
export const renderers: readonly Renderer[] = [png, html, markdown, junit];

import type { Figure } from '../../lib/model/figure.ts';
import { drawFigure, type PictureShape } from '../png/draw.ts';
import { dark, light, type Theme } from '../png/theme.ts';
import { html, type Markup, trusted } from './markup.ts';

/** The page writes the titles itself, so that they wrap; a phone gets its own picture, as a shrunk one is unreadable. */
const desktop: PictureShape = { width: 920, height: 360, titled: false };
const PHONE = '(max-width: 600px)';
const DARK = '(prefers-color-scheme: dark)';

export async function charts(figures: readonly Figure[]): Promise<Markup> {
  const drawn = await Promise.all(figures.map(chart));
  return html`<section><h2>What happened</h2>${drawn}</section>`;
}

/** A narrow legend has a line for each series, and the lines must not eat up the chart. */
function phoneShape({ series }: Figure): PictureShape {
  return { width: 400, height: 280 + 20 * series.length, titled: false };
}

async function chart(figure: Figure): Promise<Markup> {
  const phone = phoneShape(figure);
  const [image, ...sources] = await Promise.all([
    dataUri(figure, light, desktop),
    source(figure, dark, phone, `${PHONE} and ${DARK}`),
    source(figure, light, phone, PHONE),
    source(figure, dark, desktop, DARK),
  ]);
  return html`<figure>
<figcaption><h3>${figure.title}</h3></figcaption>
<picture>
${sources}
<img src="${image}" width="${desktop.width}" height="${desktop.height}" alt="${figure.description}">
</picture>
</figure>`;
}

async function source(figure: Figure, theme: Theme, shape: PictureShape, media: string) {
  const uri = await dataUri(figure, theme, shape);
  return html`<source media="${media}" srcset="${uri}" width="${shape.width}" height="${shape.height}">`;
}

async function dataUri(figure: Figure, theme: Theme, shape: PictureShape): Promise<Markup> {
  const png = await drawFigure(figure, theme, shape);
  return trusted(`data:image/png;base64,${Buffer.from(png).toString('base64')}`);
}

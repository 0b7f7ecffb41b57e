import type { Figure } from '../../lib/model/figure.ts';
import { figuresOf } from '../figures/figures.ts';
import type { Renderer, ReportFile } from '../report.ts';
import { drawFigure, wide } from './draw.ts';
import { type Theme, themes } from './theme.ts';

/** `<figure>.png` in light and `<figure>-dark.png` in dark. */
export const png: Renderer = {
  id: 'png',
  render: (input) =>
    Promise.all(
      figuresOf(input).flatMap((figure) => themes.map((theme) => pictureOf(figure, theme))),
    ),
};

async function pictureOf(figure: Figure, theme: Theme): Promise<ReportFile> {
  const name = theme.id === 'light' ? `${figure.id}.png` : `${figure.id}-${theme.id}.png`;
  return { name, content: await drawFigure(figure, theme, wide) };
}

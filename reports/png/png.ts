import { figuresOf } from '../figures/figures.ts';
import type { Renderer, ReportFile } from '../report.ts';
import { drawFigure, wide } from './draw.ts';
import { themes } from './theme.ts';

/** `<figure>.png` in light and `<figure>-dark.png` in dark. */
export const png: Renderer = {
  id: 'png',
  render: async (input) => {
    const files: ReportFile[] = [];
    for (const figure of figuresOf(input)) {
      for (const theme of themes) {
        const name = theme.id === 'light' ? `${figure.id}.png` : `${figure.id}-${theme.id}.png`;
        files.push({ name, content: await drawFigure(figure, theme, wide) });
      }
    }
    return files;
  },
};

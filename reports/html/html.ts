import type { Renderer } from '../report.ts';
import { page } from './page.ts';

/** `report.html`: one file that holds everything, asks nobody for anything, and runs nothing. */
export const html: Renderer = {
  id: 'html',
  render: async (input) => [{ name: 'report.html', content: await page(input) }],
};

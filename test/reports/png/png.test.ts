import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../reports/figures/figures.ts';
import { ninesOf } from '../../../reports/png/axes.ts';
import { drawFigure, wide } from '../../../reports/png/draw.ts';
import { fontFamily, registerFonts } from '../../../reports/png/fonts.ts';
import { png } from '../../../reports/png/png.ts';
import { dark, light, themes } from '../../../reports/png/theme.ts';
import { exampleRun } from '../example.ts';

async function pixels(content: string | Uint8Array) {
  const image = await loadImage(Buffer.from(content as Uint8Array));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const seen = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = `#${[data[i]!, data[i + 1]!, data[i + 2]!].map((n) => n.toString(16).padStart(2, '0')).join('')}`;
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  return { width: image.width, height: image.height, seen };
}

/** Relative luminance and contrast of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

describe('pictures', () => {
  it('are drawn in light and dark, twice as fine as their size, with lines in them', async () => {
    const files = await png.render(exampleRun({ story: 'fail' }));
    expect(files.map(({ name }) => name)).toEqual([
      'sales-over-time.png',
      'sales-over-time-dark.png',
      'latency-over-time.png',
      'latency-over-time-dark.png',
      'latency-by-percentile.png',
      'latency-by-percentile-dark.png',
      'errors-over-time.png',
      'errors-over-time-dark.png',
    ]);
    for (const { name, content } of files) {
      const theme = name.endsWith('-dark.png') ? dark : light;
      const { width, height, seen } = await pixels(content);
      expect([width, height]).toEqual([wide.width * 2, wide.height * 2]);
      const [[commonest]] = [...seen].sort((a, b) => b[1] - a[1]) as [[string, number]];
      expect(commonest).toBe(theme.background);
      expect(seen.get(theme.text)).toBeGreaterThan(500);
      const drawn = Object.values(theme.roles).filter((colour) => (seen.get(colour) ?? 0) > 100);
      expect(drawn.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('show the limit of the SLA', async () => {
    const figures = figuresOf(exampleRun({ story: 'fail' }));
    const latency = figures.find(({ id }) => id === 'latency-over-time')!;
    const withMark = await pixels(await drawFigure(latency, light, wide));
    const without = await pixels(await drawFigure({ ...latency, marks: [] }, light, wide));
    expect(withMark.seen.get(light.mark)).toBeGreaterThan(1000);
    expect(without.seen.get(light.mark)).toBeUndefined();
  });

  it('are the same bytes for the same run', async () => {
    const twice = await Promise.all([1, 2].map(() => png.render(exampleRun({ story: 'pass' }))));
    expect(Buffer.from(twice[0]![2]!.content).equals(Buffer.from(twice[1]![2]!.content))).toBe(
      true,
    );
  });

  it('are drawn for a run of one operation and for none', async () => {
    for (const buyers of [1, 0]) {
      const story = buyers === 0 ? 'empty' : 'pass';
      for (const { name, content } of await png.render(
        exampleRun({ story, buyers: buyers || 1 }),
      )) {
        const { text } = name.endsWith('-dark.png') ? dark : light;
        expect((await pixels(content)).seen.get(text), name).toBeGreaterThan(500);
      }
    }
  });

  it('bring their own letters', () => {
    registerFonts();
    const context = createCanvas(10, 10).getContext('2d');
    // DejaVu Sans is 2048 units to the em; its W advances by 2025 and its i by 569.
    context.font = `2048px "${fontFamily}"`;
    expect(Math.round(context.measureText('W').width)).toBe(2025);
    expect(Math.round(context.measureText('i').width)).toBe(569);
  });
});

describe('the themes', () => {
  it.each(themes.map((theme) => [theme.id, theme] as const))(
    '%s has enough contrast',
    (_, theme) => {
      for (const text of [theme.text, theme.textFaint, theme.mark]) {
        expect(contrast(text, theme.background)).toBeGreaterThanOrEqual(4.5);
      }
      for (const [role, colour] of Object.entries(theme.roles)) {
        expect(contrast(colour, theme.background), role).toBeGreaterThanOrEqual(3);
      }
    },
  );
});

describe('the percentile axis', () => {
  it.each([
    [0, 0],
    [90, 1],
    [99, 2],
    [99.9, 3],
  ])('%d has %d nines', (percentile, nines) => expect(ninesOf(percentile)).toBeCloseTo(nines, 9));
});

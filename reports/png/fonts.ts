import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** Its own family name: a font of that name on the machine would make other pictures of the same run. */
export const fontFamily = 'Onsale Sans';

let registered = false;

/** A bare machine has no fonts at all, and a chart without letters is worthless: DejaVu Sans comes along. */
export function registerFonts(): void {
  if (registered) return;
  const packages = createRequire(import.meta.url);
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    const path = packages.resolve(`dejavu-fonts-ttf/ttf/${file}`);
    if (GlobalFonts.registerFromPath(path, fontFamily) === null) {
      throw new Error(`the font ${path} cannot be read`);
    }
  }
  registered = true;
}

import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

/**
 * A real browser for tests of pages: the machine's own (`CHROME_PATH`, else a Chromium or Chrome on PATH), or where
 * there is none the one inside @sparticuz/chromium. A page test is therefore never skipped. The caller closes it.
 *
 * The package's own unpacking is not used: it shares fixed names in /tmp between processes, looks for its libraries
 * on Lambda only, and turns web security off, which is what these tests are about.
 */
export async function launchBrowser(): Promise<Browser> {
  const own = machineBrowser();
  if (own !== null) return chromium.launch({ executablePath: own });
  const folder = await packagedBrowser();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'lib'),
      FONTCONFIG_FILE: join(folder, 'onsale-fonts.conf'),
    },
  });
}

function machineBrowser(): string | null {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') return named;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Unpacked once for a package version, beside the packages; two test files may do so at the same time. */
async function packagedBrowser(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const root = join(dirname(entry), '..', '..');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
  const folder = join(cache, `onsale-chromium-${version}`);
  if (existsSync(folder)) return folder;

  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  try {
    await Promise.all([
      unpackFile(join(root, 'bin', 'chromium.br'), join(draft, 'chromium')),
      ...['al2023', 'fonts', 'swiftshader'].map((name) =>
        unpackTar(join(root, 'bin', `${name}.tar.br`), draft),
      ),
      writeFile(join(draft, 'onsale-fonts.conf'), fontsConfiguration(folder)),
    ]);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** A bare machine has no fonts, and the package's own configuration looks for them in /tmp and on Lambda. */
function fontsConfiguration(folder: string): string {
  const dejavu = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>${join(dirname(dejavu), 'ttf')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

async function unpackFile(archive: string, path: string): Promise<void> {
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(path));
  await chmod(path, 0o700);
}

/** Through a file: tar stops reading at the archive's end mark, and a pipe's writer takes that for a failure. */
async function unpackTar(archive: string, folder: string): Promise<void> {
  const tar = join(folder, `${basename(archive)}.draft`);
  await unpackFile(archive, tar);
  await promisify(execFile)('tar', ['-x', '-f', tar, '-C', folder]);
  await rm(tar);
}

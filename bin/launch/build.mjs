import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { giveUp } from './failure.mjs';

const ENTRIES = ['bin/main.ts', 'bin/testing.ts', 'target/main.ts'];
const SOURCES = ['bin', 'lib', 'recheck', 'reports', 'target'];
const BUILD_KEPT_MS = 24 * 3600_000;

/**
 * Bundles the programs unless these very sources have been bundled before; returns the build's folder. Throws a
 * LaunchFailure where it cannot be written or made.
 */
export async function ensureBuild(root) {
  const builds = join(root, 'node_modules', '.cache', 'onsale');
  const folder = join(builds, sourceStamp(root));
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  try {
    mkdirSync(builds, { recursive: true });
    await bundle(root, draft);
    putInPlace(draft, folder);
    removeOldBuilds(builds, folder);
  } catch (error) {
    if (existsSync(draft)) rmSync(draft, { recursive: true });
    giveUp(
      `expected to build the command in ${builds}, got ${error.message}`,
      remedyFor(error, root),
    );
  }
  return folder;
}

function remedyFor(error, root) {
  // A call to the system failed, most likely for want of permission.
  if (error.syscall !== undefined)
    return `Make that folder writable, have its owner run bin/loadtest --help once, or use a clone of your own.`;
  if (error.errors !== undefined)
    return `Mend the sources named above; "git status" in ${root} shows what differs.`;
  return `Remove ${join(root, 'node_modules')}, whose packages seem damaged, and run the command again.`;
}

/** Changes whenever a source file or the lockfile does: path, size and modification time of each. */
function sourceStamp(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of SOURCES)
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (!name.endsWith('.ts')) continue;
      const { mtimeMs, size } = statSync(join(root, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  return hash.digest('hex').slice(0, 16);
}

async function bundle(root, outdir) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outbase: '.',
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    // What is wrong is in the error that it throws.
    logLevel: 'silent',
  });
}

function putInPlace(draft, folder) {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process built the same sources in the meantime: its build is as good.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

function removeOldBuilds(builds, current) {
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    if (path !== current && Date.now() - statSync(path).mtimeMs > BUILD_KEPT_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

// What has to happen before any TypeScript of the project can run: packages from the lockfile, then the build.
// Plain JavaScript without dependencies, because on a bare machine there is nothing else yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const NODE_VERSION_MIN = [20, 19];
const ENTRIES = ['bin/main.ts', 'target/main.ts'];
const SOURCES = ['bin', 'lib', 'reports', 'target'];
const INSTALL_LIMIT_MS = 600_000;
const BUILD_KEPT_MS = 24 * 3600_000;

/** "Could not run", exit code 4, as one readable error. */
class LaunchFailure extends Error {}

function giveUp(what, remedy) {
  throw new LaunchFailure(`${what}\n  ${remedy}`);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (
    major > NODE_VERSION_MIN[0] ||
    (major === NODE_VERSION_MIN[0] && minor >= NODE_VERSION_MIN[1])
  )
    return;
  giveUp(
    `expected Node ${NODE_VERSION_MIN.join('.')} or newer, got ${process.versions.node} (${process.execPath}).`,
    'Install a current Node and run the command again.',
  );
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const stampPath = join(modules, '.onsale-packages');

/** The stamp saves reading both lockfiles at every start; they are compared when it is missing or old. */
function installed() {
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === lockHash()) return true;
  if (!packagesMatchLockfile()) return false;
  writeFileSync(stampPath, lockHash());
  return true;
}

/** Whether npm itself has put exactly the lockfile's packages there, as "npm ci" by hand does. */
function packagesMatchLockfile() {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (present[path] === undefined ? optional : present[path].version === version),
  );
}

/** Takes the install lock or waits for whoever holds it; a lock whose owner is gone is taken over. */
function withInstallLock(work) {
  const lock = join(root, '.onsale-install.lock');
  const deadline = Date.now() + INSTALL_LIMIT_MS;
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (lockIsStale(lock)) rmSync(lock, { recursive: true, force: true });
      else if (Date.now() > deadline)
        giveUp(`another install holds ${lock}.`, `If none runs, remove that folder.`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function lockIsStale(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    // The owner may be between making the folder and writing its id; ten seconds is more than it needs.
    return (
      error.code === 'ESRCH' || !existsSync(lock) || Date.now() - statSync(lock).mtimeMs > 10_000
    );
  }
}

/** Installs exactly the lockfile's packages unless they are there. Install scripts are neither needed nor run. */
export function ensurePackages() {
  if (installed()) return;
  try {
    withInstallLock(installPackages);
  } catch (error) {
    if (error instanceof LaunchFailure) throw error;
    giveUp(
      `expected to install packages into ${modules}, got ${error.message}.`,
      `Make the folder writable, or run "npm ci" in ${root} yourself.`,
    );
  }
}

function installPackages() {
  if (installed()) return;
  process.stderr.write(
    'Installing packages from package-lock.json (npm ci, about half a minute) …\n',
  );
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    // npm's chatter is no part of the command's output: stdout belongs to the result.
    stdio: ['ignore', 2, 2],
    timeout: INSTALL_LIMIT_MS,
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0)
    giveUp(
      `npm ci failed (${npm.error?.message ?? `exit code ${npm.status}`}).`,
      `Needed: npm on PATH and the npm registry, or a node_modules made by "npm ci" in ${root}.`,
    );
  writeFileSync(stampPath, lockHash());
}

/** Changes whenever a source file does: path, size and modification time of each. */
function sourceStamp() {
  const hash = createHash('sha256').update(lockHash());
  for (const folder of SOURCES)
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (!name.endsWith('.ts')) continue;
      const { mtimeMs, size } = statSync(join(root, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  return hash.digest('hex').slice(0, 16);
}

/** Bundles the programs if a source is newer than the last build; returns the build's folder. */
export async function ensureBuild() {
  const builds = join(modules, '.cache', 'onsale');
  const folder = join(builds, sourceStamp());
  if (existsSync(folder)) return folder;
  const { build } = await import('esbuild');
  mkdirSync(builds, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outbase: '.',
    outdir: draft,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'error',
  });
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process built the same sources in the meantime: its build is as good.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  removeOldBuilds(builds, folder);
  return folder;
}

function removeOldBuilds(builds, current) {
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    if (path !== current && Date.now() - statSync(path).mtimeMs > BUILD_KEPT_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Makes everything ready and returns the address of a built program, e.g. `bin/main.js`; null, with the reason on
 * stderr and the exit code set, where that cannot be done. Child processes find the build through ONSALE_BUILD.
 */
export async function launch(program) {
  try {
    checkNode();
    ensurePackages();
    process.env.ONSALE_BUILD = await ensureBuild();
    return pathToFileURL(join(process.env.ONSALE_BUILD, program)).href;
  } catch (error) {
    if (!(error instanceof LaunchFailure)) throw error;
    process.stderr.write(`loadtest: ${error.message}\n`);
    process.exitCode = 4;
    return null;
  }
}

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, LaunchFailure } from './failure.mjs';
import { withLock } from './lock.mjs';

const INSTALL_LIMIT_MS = 600_000;
// The update notice comes whatever the log level.
const QUIETLY = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
const NPM_ARGUMENTS = ['ci', '--ignore-scripts', ...QUIETLY];

const say = (text) => process.stderr.write(`${text}\n`);

/**
 * Installs exactly the lockfile's packages into `root` unless they are there. Install scripts are neither needed nor
 * run. Throws a LaunchFailure where that cannot be done.
 */
export async function ensurePackages(root) {
  if (installed(root)) return;
  const lock = join(root, '.onsale-install.lock');
  const onWait = () => say('Waiting for another command that is installing the packages …');
  try {
    await withLock({ lock, waitMs: INSTALL_LIMIT_MS, onWait }, (addOwner) =>
      // Whoever held the lock before has probably done the work.
      installed(root) ? undefined : install(root, addOwner),
    );
  } catch (error) {
    if (error instanceof LaunchFailure) throw error;
    giveUp(
      `expected to install packages into ${root}, got ${error.message}.`,
      `Make the folder writable, or have its owner run "npm ci" there.`,
    );
  }
}

/**
 * Whether npm has put exactly the lockfile's packages there, as "npm ci" by hand does too, and none was removed since.
 * npm writes its own list when it is done, so an install that was cut off does not count.
 */
function installed(root) {
  const modules = join(root, 'node_modules');
  const list = join(modules, '.package-lock.json');
  if (!existsSync(list)) return false;
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const present = packagesIn(list);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (present[path] === undefined) return optional === true;
    return present[path].version === version && existsSync(join(root, path, 'package.json'));
  });
}

const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

async function install(root, addOwner) {
  say('Installing packages from package-lock.json (npm ci, about half a minute) …');
  const npm = spawn('npm', NPM_ARGUMENTS, {
    cwd: root,
    // npm's chatter is no part of the command's output: stdout belongs to the result.
    stdio: ['ignore', 2, 2],
    timeout: INSTALL_LIMIT_MS,
    shell: process.platform === 'win32',
  });
  if (npm.pid !== undefined) addOwner(npm.pid);
  const trouble = await new Promise((resolve) => {
    npm.once('error', (error) =>
      resolve(error.code === 'ENOENT' ? 'there is no npm on PATH' : error.message),
    );
    npm.once('exit', (code, signal) =>
      resolve(code === 0 ? null : (signal ?? `exit code ${code}`)),
    );
  });
  if (trouble === null) return;
  giveUp(
    `npm ci failed: ${trouble}.`,
    `Have npm on PATH and let it reach its registry, or run "npm ci" in ${root} yourself.`,
  );
}

// What has to happen before any TypeScript of the project can run: packages from the lockfile, then the build.
// Plain JavaScript without dependencies, because on a bare machine there is nothing else yet.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuild } from './launch/build.mjs';
import { giveUp, LaunchFailure } from './launch/failure.mjs';
import { ensurePackages } from './launch/packages.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_VERSION_MIN = [20, 19];
const COULD_NOT_RUN = 4;

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = NODE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  giveUp(
    `expected Node ${NODE_VERSION_MIN.join('.')} or newer, got ${process.versions.node} (${process.execPath}).`,
    'Install a current Node and run the command again.',
  );
}

/** Makes the packages ready; false, with the reason on stderr and the exit code set, where that cannot be done. */
export const prepare = () =>
  explained(async () => {
    checkNode();
    await ensurePackages(root);
  });

async function explained(work) {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof LaunchFailure)) throw error;
    process.stderr.write(`loadtest: ${error.message}\n`);
    process.exitCode = COULD_NOT_RUN;
    return false;
  }
}

/**
 * Makes everything ready and returns the address of a built program, e.g. `bin/main.js`; null where that cannot be done,
 * as `prepare` says. Child processes find the build through ONSALE_BUILD.
 */
export async function launch(program) {
  const ready =
    (await prepare()) &&
    (await explained(async () => {
      process.env.ONSALE_BUILD = await ensureBuild(root);
    }));
  return ready ? pathToFileURL(join(process.env.ONSALE_BUILD, program)).href : null;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The project's folder: the nearest one above this file that holds bin/loadtest, whether this runs from the sources or
 * from a build below node_modules. Absolute path.
 */
export const projectRoot: string = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'bin', 'loadtest'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no bin/loadtest above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
})();

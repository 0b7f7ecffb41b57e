import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../lib/run/project-root.ts';

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};

/** Onsale's own version, from package.json. */
export const onsaleVersion: string = version;

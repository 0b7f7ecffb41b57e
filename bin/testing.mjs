// For tests of a file with an API of one's own, in plain `node --test`: the file may be TypeScript and import 'onsale'.
import { fileURLToPath } from 'node:url';
import { launch } from './launch.mjs';

const program = await launch('bin/testing.js');
if (program === null) throw new Error('Onsale could not be made ready, see above.');

const testing = await import(program);

/** The target in a file: `protocol` and what follows from its `admin`. Takes a path or the URL of a file. */
export const loadTarget = (file) =>
  testing.loadTarget(file instanceof URL ? fileURLToPath(file) : file);

/**
 * What an action makes of a reply with `status` and `body` (a text, or what its JSON holds), or of `silence`: outcome,
 * reason and what was told of order, value and so on. `asked` says who asked, where that matters.
 */
export const reading = testing.reading;

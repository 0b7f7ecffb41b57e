// For npm scripts that need the packages alone: `npm run lint` may be the first command on a machine, too.
import { prepare } from './launch.mjs';

await prepare();

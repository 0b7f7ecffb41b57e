import { relative } from 'node:path';

/** A path as a person here would type it: from this folder if it lies below, else whole. */
export function shownPath(path: string, from: string = process.cwd()): string {
  const way = relative(from, path);
  return way === '' || way.startsWith('..') ? path : way;
}

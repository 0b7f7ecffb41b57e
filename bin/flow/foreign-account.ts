import { contradictionsIn } from '../../lib/history/contradictions.ts';
import type { History } from '../../lib/history/history.ts';
import type { Manifest } from '../../lib/model/manifest.ts';

/**
 * Whoever vouched that an imported history is complete meant the one that was taken over, on clocks that go forward.
 * Where the files no longer bear that out the word does not count; why stands among the manifest's troubles.
 */
export function heldToItsWord(
  manifest: Manifest,
  { history, damaged }: { readonly history: History; readonly damaged: number },
): Manifest {
  const { imported } = manifest;
  if (imported === undefined) return manifest;
  const found = contradictionsIn(history);
  if (damaged > 0 || history.length !== imported.operations) {
    found.unshift(
      `${imported.operations} operations were imported; now ${history.length} can be read, ${damaged} lines cannot.`,
    );
  }
  if (found.length === 0) return manifest;
  const vouched = { ...imported.vouched, historyComplete: false };
  const trouble = [...manifest.trouble, ...found];
  return { ...manifest, trouble, imported: { ...imported, vouched } };
}

/** What its files say against the word of whoever imported a history; {} where they bear it out. */
export function historyDoubtOf({ imported, trouble }: Manifest): {
  readonly historyDoubt?: string;
} {
  return imported === undefined || trouble.length === 0 ? {} : { historyDoubt: trouble.join(' ') };
}

/** Nothing that was requested is missing from the history: by the generator's account, or by its bearer's word. */
export function hasWholeHistory({ load, imported }: Manifest): boolean {
  return imported === undefined ? load?.complete === true : imported.vouched.historyComplete;
}

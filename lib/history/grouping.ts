import { lastingInt32s } from './lasting.ts';

/** Members of numbered groups: those of group g are `member[first[g]]` up to, not including, `member[first[g + 1]]`. */
export interface Grouping {
  readonly first: Int32Array;
  readonly member: Int32Array;
}

/**
 * Groups 0, 1, … of `groupOf` by its values, which are < `groups`; a negative value belongs nowhere. Members keep
 * their order. O(n), two arrays whatever the number of groups.
 */
export function grouped(groupOf: Int32Array, groups: number): Grouping {
  // Shifted by one until the members are in: then each has come to where the next begins.
  const next = lastingInt32s(groups + 2);
  for (let i = 0; i < groupOf.length; i++) if (groupOf[i]! >= 0) next[groupOf[i]! + 2]!++;
  for (let group = 0; group <= groups; group++) next[group + 1]! += next[group]!;
  const member = lastingInt32s(next[groups + 1]!);
  for (let i = 0; i < groupOf.length; i++) {
    const group = groupOf[i]!;
    if (group >= 0) member[next[group + 1]!++] = i;
  }
  return { first: next.subarray(0, groups + 1), member };
}

/** The members of one group. */
export function membersOf(grouping: Grouping, group: number): Int32Array {
  return grouping.member.subarray(grouping.first[group]!, grouping.first[group + 1]!);
}

/** Those of them of which it is so; in a list of their own, which for a few is quicker made than a column. */
export function membersWhere(
  { first, member }: Grouping,
  group: number,
  isSo: (member: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let at = first[group]!; at < first[group + 1]!; at++) {
    if (isSo(member[at]!)) found.push(member[at]!);
  }
  return found;
}

/** Puts a value at the end of its key's list, the first of a key into a list of its own. */
export function addTo<K>(lists: Map<K, number[]>, key: K, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

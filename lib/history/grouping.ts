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
  const first = new Int32Array(groups + 1);
  for (const group of groupOf) if (group >= 0) first[group + 1]!++;
  for (let group = 0; group < groups; group++) first[group + 1]! += first[group]!;
  const next = first.slice();
  const member = new Int32Array(first[groups]!);
  for (let i = 0; i < groupOf.length; i++) {
    const group = groupOf[i]!;
    if (group >= 0) member[next[group]!++] = i;
  }
  return { first, member };
}

/** The members of one group. */
export function membersOf(grouping: Grouping, group: number): Int32Array {
  return grouping.member.subarray(grouping.first[group]!, grouping.first[group + 1]!);
}

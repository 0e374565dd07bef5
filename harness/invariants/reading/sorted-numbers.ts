/** Returns the numbers in ascending order. */
export const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)

/** Returns how many of the numbers, sorted in ascending order, are at most `limit`. */
export function countUpTo(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

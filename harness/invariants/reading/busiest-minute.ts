const MINUTE_MS = 60_000

/** The events of one minute, and how far they exceed their bound. */
export interface BusyMinute<Item> {
  readonly first: Item
  readonly last: Item
  readonly count: number
  readonly bound: number
}

/**
 * Returns the minute with the most items of those that exceed their bound; undefined if none does.
 * `items` are sorted by time. `boundOf` gets the first and the last item of the minute.
 */
export function busiestMinute<Item>(
  items: readonly Item[],
  timeOf: (item: Item) => number,
  boundOf: (first: Item, last: Item) => number,
): BusyMinute<Item> | undefined {
  let busiest: BusyMinute<Item> | undefined
  let from = 0
  for (const [to, last] of items.entries()) {
    let first = items[from] as Item
    while (timeOf(last) - timeOf(first) > MINUTE_MS) first = items[++from] as Item
    const count = to - from + 1
    if (busiest && count <= busiest.count) continue
    const bound = boundOf(first, last)
    if (count > bound) busiest = { first, last, count, bound }
  }
  return busiest
}

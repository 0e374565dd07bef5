import type { Key, KeyPart, Range } from './database.ts'

/** Sorted keys in one array with binary search: fast enough for the tables of a scenario. */
export class SortedKeys {
  readonly #keys: (readonly KeyPart[])[] = []

  add(key: readonly KeyPart[]): void {
    this.#keys.splice(this.#firstAtLeast(key), 0, key)
  }

  delete(key: readonly KeyPart[]): void {
    const i = this.#firstAtLeast(key)
    const found = this.#keys[i]
    if (found && compare(found, key) === 0) this.#keys.splice(i, 1)
  }

  select({ prefix, after, limit, reverse = false }: Range): (readonly KeyPart[])[] {
    const head = prefix === undefined ? [] : parts(prefix)
    const start =
      after === undefined ? this.#firstAtLeast(head) : this.#firstBeyond([...head, ...parts(after)])
    const end = head.length === 0 ? this.#keys.length : this.#firstBeyond(head)
    if (reverse) {
      const last = after === undefined ? end : this.#firstAtLeast([...head, ...parts(after)])
      const reversed = this.#keys.slice(this.#firstAtLeast(head), last).reverse()
      return limit === undefined ? reversed : reversed.slice(0, limit)
    }
    return this.#keys.slice(start, limit === undefined ? end : Math.min(end, start + limit))
  }

  #firstAtLeast(key: readonly KeyPart[]): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(this.#keys[middle] as readonly KeyPart[], key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Returns the index of the first key that sorts after `head` and does not begin with it. */
  #firstBeyond(head: readonly KeyPart[]): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareHead(this.#keys[middle] as readonly KeyPart[], head) > 0) high = middle
      else low = middle + 1
    }
    return low
  }
}

export function parts(key: Key): readonly KeyPart[] {
  return typeof key === 'object' ? key : [key]
}

function compare(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  return compareShared(a, b) || a.length - b.length
}

/** Compares a key with the beginning of keys: 0 if it begins so. */
function compareHead(key: readonly KeyPart[], head: readonly KeyPart[]): number {
  return compareShared(key, head) || Math.min(0, key.length - head.length)
}

function compareShared(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const order = comparePart(a[i] as KeyPart, b[i] as KeyPart)
    if (order !== 0) return order
  }
  return 0
}

function comparePart(a: KeyPart, b: KeyPart): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1
  if (typeof b === 'number') return 1
  if (a === b) return 0
  // By code point, as SQLite does by UTF-8 bytes. UTF-16 units would sort U+FF5E after emojis.
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const xHigh = x >= 0xd800 && x <= 0xdfff
    if (xHigh !== (y >= 0xd800 && y <= 0xdfff)) return xHigh ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

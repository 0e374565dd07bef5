import type { History } from '../../core/history.ts'

/** Makes a function that computes its result once for each history: several invariants ask. */
export function oncePerHistory<Result>(
  compute: (history: History) => Result,
): (history: History) => Result {
  const results = new WeakMap<History, { readonly result: Result }>()
  return (history) => {
    const known = results.get(history) ?? { result: compute(history) }
    results.set(history, known)
    return known.result
  }
}

/** Returns the known name that is most similar, or undefined if none is similar enough. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best && best.distance <= Math.max(2, Math.floor(wanted.length / 3))) return best.candidate
  if (wanted.length <= 2) return undefined
  return known.find((candidate) => candidate.includes(wanted) || wanted.includes(candidate))
}

/** Returns the error line for an unknown name: "unknown client 'naiv' (did you mean …?): …". */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  const hint = near === undefined ? '' : ` (did you mean '${near}'?)`
  return `unknown ${kind} '${name}'${hint}: expected one of ${known.join(', ')}`
}

/** Counts the edits (insert, delete, replace, swap neighbours) from one word to the other. */
function distance(a: string, b: string): number {
  let [before, above] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

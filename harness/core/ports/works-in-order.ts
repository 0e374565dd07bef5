import type { Standstill } from './standstill.ts'

/** Returns a standstill during which time passes: it only runs works one after another. */
export function worksInOrder(): Standstill {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
}

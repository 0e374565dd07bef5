import { formatStamp, parseStamp, tick } from '../protocol/hlc.ts'

/** How far ahead of the server's wall clock a stamp may be, in milliseconds: a clock a year ahead must not win for a year. */
export const CLAMP = 60_000

/** The stamp a write counts with: as sent, the future cut off. Undefined for a text that is no stamp. */
export function effectiveStamp(sent: string, wall: number): string | undefined {
  const parsed = parseStamp(sent)
  if (!parsed) return undefined
  const latest = Math.floor(wall) + CLAMP
  return parsed.ms > latest ? formatStamp({ ms: latest, counter: 0 }, parsed.node) : sent
}

/** The stamp a write is stored with that was made knowing the version stamped `seen`: later than that one, whatever the writer's clock showed. */
export function successorStamp(effective: string, seen: string): string {
  const [mine, theirs] = [parseStamp(effective), parseStamp(seen)]
  if (!mine || !theirs) return effective
  const least = formatStamp(tick(theirs, -1), mine.node)
  return effective > least ? effective : least
}

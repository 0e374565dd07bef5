import type { History } from '../../harness/core/history.ts'
import { cut } from './count.ts'
import { teller } from './event.ts'
import { sanitizeText } from './sanitize.ts'
import { momentText } from './time.ts'

const EVIDENCE_LINES_MAX = 12

/** The events that prove a finding, a line each in time order: when, where, what. Long proofs are shortened in their middle. */
export function evidenceLines(
  history: History,
): (evidence: readonly number[], width: number) => string[] {
  const tell = teller(history)
  const bySeq = new Map(history.all.map((event) => [event.seq, event]))
  return (evidence, width) => {
    const events = [...evidence].sort((a, b) => a - b).flatMap((seq) => bySeq.get(seq) ?? [])
    const moments = events.map((event) => momentText(event.t))
    const [time, node] = [longest(moments), longest(events.map((event) => event.node))]
    const lines = events.map((event, i) =>
      cut(
        `${(moments[i] ?? '').padStart(time)}  ${event.node.padEnd(node)}  ${sanitizeText(tell(event))}`,
        width,
      ),
    )
    if (lines.length <= EVIDENCE_LINES_MAX) return lines
    return [
      ...lines.slice(0, EVIDENCE_LINES_MAX - 4),
      `${' '.repeat(time)}  … ${lines.length - EVIDENCE_LINES_MAX + 1} more …`,
      ...lines.slice(-3),
    ]
  }
}

const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length))

import type { History } from '../../harness/core/history.ts'
import { eventDescriber } from '../events/event-views.ts'
import { sanitizeText } from './sanitize.ts'
import { truncate } from './text.ts'
import { momentText } from './time.ts'

const EVIDENCE_LINES_MAX = 12
const LINES_AFTER_GAP = 3

/** Returns the lines for the events with these `seq`s, each at most `width` columns wide. */
export type EvidencePrinter = (evidence: readonly number[], width: number) => string[]

/**
 * Prints a finding's evidence: one line per event in time order, with moment, node and description.
 * Leaves out the middle of long evidence.
 */
export function evidencePrinter(history: History): EvidencePrinter {
  const describeEvent = eventDescriber(history)
  const bySeq = new Map(history.all.map((event) => [event.seq, event]))
  return (evidence, width) => {
    const events = [...evidence].sort((a, b) => a - b).flatMap((seq) => bySeq.get(seq) ?? [])
    const moments = events.map((event) => momentText(event.t))
    const momentWidth = longest(moments)
    const nodeWidth = longest(events.map((event) => event.node))
    const lines = events.map((event, i) => {
      const moment = (moments[i] ?? '').padStart(momentWidth)
      const node = event.node.padEnd(nodeWidth)
      return truncate(`${moment}  ${node}  ${sanitizeText(describeEvent(event))}`, width)
    })
    return shorten(lines, ' '.repeat(momentWidth))
  }
}

function shorten(lines: readonly string[], indent: string): string[] {
  if (lines.length <= EVIDENCE_LINES_MAX) return [...lines]
  const linesBeforeGap = EVIDENCE_LINES_MAX - LINES_AFTER_GAP - 1
  return [
    ...lines.slice(0, linesBeforeGap),
    `${indent}  … ${lines.length - linesBeforeGap - LINES_AFTER_GAP} more …`,
    ...lines.slice(-LINES_AFTER_GAP),
  ]
}

const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length))

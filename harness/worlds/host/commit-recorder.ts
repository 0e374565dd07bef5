import type { ServerEvent } from '../../core/event.ts'
import type { Holdings } from '../../core/holdings.ts'
import type { ServerDump } from '../../core/server.ts'

export interface CommitRecorderOptions {
  /** These outlive the incarnation. */
  readonly holdings: Holdings
  /** Counted from 1. */
  readonly incarnation: number
  readonly emit: (event: ServerEvent) => void
}

/**
 * Returns the function that must be called with each dump of one incarnation of a server: it
 * records the commits that led there. Those in the first dump after a death are recovered.
 */
export function commitRecorder({ holdings, incarnation, emit }: CommitRecorderOptions) {
  let isRecovered = incarnation > 1
  return (dump: ServerDump): void => {
    for (const commit of holdings.compare(dump))
      emit({ ...commit, ...(isRecovered && { recovered: true }) })
    isRecovered = false
  }
}

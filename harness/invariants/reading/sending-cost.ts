import type { History } from '../../core/history.ts'
import { isWrite } from '../../core/operation.ts'

/** The cost of the writes of a history. */
export interface SendingCost {
  /** The writes that were sent. */
  readonly writes: number
  /** The requests that carried a write. One with several writes counts once. */
  readonly requests: number
  /** The bytes of their bodies; a refused connection carries none. */
  readonly bytes: number
}

export function costOfSending(history: History): SendingCost {
  const sent = history.operations.filter(
    ({ action, requests }) => isWrite(action) && requests.length > 0,
  )
  const trips = [...new Set(sent.flatMap(({ requests }) => requests))]
  const bytes = trips.reduce(
    (sum, { request, response }) => (response?.outcome === 'refused' ? sum : sum + request.bytes),
    0,
  )
  return { writes: sent.length, requests: trips.length, bytes }
}

/** Returns the cost of the writes that were sent: "2.3 requests and 1.2 kB per write". */
export function sendingCost(history: History): string | undefined {
  const { writes, requests, bytes } = costOfSending(history)
  if (writes === 0) return undefined
  const perWrite = rounded(requests / writes)
  return `${perWrite} ${perWrite === 1 ? 'request' : 'requests'} and ${sizeText(bytes / writes)} per write`
}

const sizeText = (bytes: number) =>
  bytes < 1000 ? `${Math.round(bytes)} bytes` : `${rounded(bytes / 1000)} kB`

const rounded = (number: number) => Math.round(number * 10) / 10

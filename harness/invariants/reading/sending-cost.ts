import type { History } from '../../core/history.ts'
import { isWrite } from '../../core/operation.ts'

/**
 * Returns how many requests and bytes were spent on a write, over all writes that were sent: "2.3
 * requests and 1.2 kB per write". A request with several writes counts once. Bytes are those of
 * bodies; a refused connection carries none.
 */
export function sendingCost(history: History): string | undefined {
  const sent = history.operations.filter(
    ({ action, requests }) => isWrite(action) && requests.length > 0,
  )
  if (sent.length === 0) return undefined
  const trips = [...new Set(sent.flatMap(({ requests }) => requests))]
  const bytes = trips.reduce(
    (sum, { request, response }) => (response?.outcome === 'refused' ? sum : sum + request.bytes),
    0,
  )
  const perWrite = rounded(trips.length / sent.length)
  return `${perWrite} ${perWrite === 1 ? 'request' : 'requests'} and ${sizeText(bytes / sent.length)} per write`
}

const sizeText = (bytes: number) =>
  bytes < 1000 ? `${Math.round(bytes)} bytes` : `${rounded(bytes / 1000)} kB`

const rounded = (number: number) => Math.round(number * 10) / 10

import type { Operation } from '../../core/operation.ts'
import { isFailure, REQUEST_FAILURE_WORDS } from '../../core/request-failure.ts'
import type { RequestTrip } from '../../core/request-trip.ts'
import { spanText } from '../../core/time.ts'

/** "4.2 s". */
export const moment = (event: { readonly t: number }) => spanText(event.t)

/** "at 4.2 s". */
export const when = (event: { readonly t: number }) => `at ${moment(event)}`

/** "ana's app", "the server": the code under test of a node. */
export const codeOf = (node: string) => (node === 'server' ? 'the server' : `${node}'s app`)

/** "once", "twice", "3 times". */
export function times(count: number): string {
  if (count === 1) return 'once'
  return count === 2 ? 'twice' : `${count} times`
}

/** "never tried to send it", "tried once (no connection, at 12 s)". */
export function attempts({ requests }: Operation): string {
  const last = requests.at(-1)
  if (!last) return 'never tried to send it'
  const prefix = requests.length > 1 ? 'last: ' : ''
  const end = `${requestEnd(last)}, ${when(last.response ?? last.request)}`
  return `tried ${times(requests.length)} (${prefix}${end})`
}

function requestEnd({ response }: RequestTrip): string {
  if (!response) return 'no answer came'
  if (isFailure(response.outcome)) return REQUEST_FAILURE_WORDS[response.outcome].clause
  return response.outcome === 'sent' ? 'sent as a message' : `answered ${response.status}`
}

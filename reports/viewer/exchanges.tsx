/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { History } from '../../harness/core/history.ts'
import type { MessageDetails } from '../../harness/core/message-details.ts'
import { resolveDetails } from '../../harness/core/repeated-details.ts'
import type { RequestTrip } from '../../harness/core/request-trip.ts'
import type { DescribeEvent } from '../events/event-views.ts'
import { countText } from '../words/text.ts'
import { momentText } from '../words/time.ts'

/** More requests than this are only counted: the history has them all. */
const EXCHANGES_SHOWN_MAX = 40

/**
 * The headers and the bodies of the requests that matter, and of their responses: those that carry
 * a write, that a fault acted on, or that prove a finding.
 */
export function Exchanges({
  history,
  evidence,
  describeEvent,
}: {
  history: History
  evidence: ReadonlySet<number>
  describeEvent: DescribeEvent
}) {
  const details = resolveDetails(history.all)
  const trips = history.whole.requests.filter(
    (trip) =>
      matters(trip, evidence) &&
      [trip.request, trip.response].some((event) => event && hasAny(details.get(event.seq))),
  )
  if (trips.length === 0) return null
  const more = trips.length - EXCHANGES_SHOWN_MAX
  return (
    <details class="more">
      <summary>
        <h3>What was sent</h3> <span class="sub">{countText(trips.length, 'request')}</span>
      </summary>
      {trips.slice(0, EXCHANGES_SHOWN_MAX).map(({ device, request, response, interceptions }) => (
        <div class="exchange">
          <p>
            <span class="t">{momentText(request.t)}</span> <b>{device}</b>{' '}
            <bdi>{describeEvent(request)}</bdi>
          </p>
          <Message details={details.get(request.seq)} />
          {interceptions.map((event) => (
            <p class="fault">
              <span class="t">{momentText(event.t)}</span> <b>fault</b>{' '}
              <bdi>{describeEvent(event)}</bdi>
            </p>
          ))}
          {response && (
            <p>
              <span class="t">{momentText(response.t)}</span> <bdi>{describeEvent(response)}</bdi>
            </p>
          )}
          {response && <Message details={details.get(response.seq)} />}
        </div>
      ))}
      {more > 0 && <p class="none">{countText(more, 'more request')}: they are in history.jsonl</p>}
    </details>
  )
}

function matters(
  { request, response, interceptions }: RequestTrip,
  evidence: ReadonlySet<number>,
): boolean {
  if (request.opIds.length > 0 || interceptions.length > 0) return true
  return evidence.has(request.seq) || (response !== undefined && evidence.has(response.seq))
}

const hasAny = (details: MessageDetails | undefined) =>
  details?.headers !== undefined || details?.body !== undefined

function Message({ details = {} }: { details: MessageDetails | undefined }) {
  if (!hasAny(details)) return null
  const { headers = {}, body } = details
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  if (body !== undefined) lines.push('', body)
  return <pre>{lines.join('\n').trimStart()}</pre>
}

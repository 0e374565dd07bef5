/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import type { History } from '../../harness/core/history.ts'
import type { Operation } from '../../harness/core/operation.ts'
import { isWrite } from '../../harness/core/operation.ts'
import { REQUEST_FAILURE_WORDS } from '../../harness/core/request-failure.ts'
import { actionText } from '../words/action.ts'
import { countText } from '../words/text.ts'
import { laterText, momentText } from '../words/time.ts'
import type { Links } from './links.ts'
import { findPeerSightings } from './peer-sightings.ts'

interface Props {
  readonly history: History
  readonly links: Links
  /** Which invariants' findings name an operation. */
  readonly breaches: ReadonlyMap<string, readonly string[]>
}

/** What became of each thing a person did, a row each. */
export function OperationTable({ history, links, breaches }: Props) {
  const operations = history.operations.filter(
    ({ action }) => isWrite(action) || action.type === 'cancel',
  )
  if (operations.length === 0) return <p class="none">Nobody did anything.</p>
  return (
    <table class="ledger stack">
      <thead>
        <tr>
          <th scope="col">what a person did</th>
          <th scope="col">saved locally</th>
          <th scope="col">attempts</th>
          <th scope="col">server commit</th>
          <th scope="col">ack</th>
          <th scope="col">seen by others</th>
        </tr>
      </thead>
      <tbody>
        {operations.map((operation) => (
          <Row
            operation={operation}
            history={history}
            links={links}
            broken={breaches.get(operation.op) ?? []}
          />
        ))}
      </tbody>
    </table>
  )
}

function Row({
  operation,
  history,
  links,
  broken,
}: {
  operation: Operation
  history: History
  links: Links
  broken: readonly string[]
}) {
  const {
    op,
    device,
    action,
    invoke,
    localCommit,
    saved,
    refused,
    commits,
    acks,
    requests,
    outcomes,
  } = operation
  const when = (
    event: { readonly seq: number; readonly t: number },
    words = laterText(event.t - invoke.t),
  ) => <Moment href={links.to(event.seq)}>{words}</Moment>
  const beaten = outcomes
    .filter(({ outcome }) => outcome === 'conflict' || outcome === 'rejected')
    .at(-1)
  return (
    <tr class={broken.length > 0 ? 'broken' : undefined}>
      <th scope="row">
        <bdi>
          {device} {actionText(action)}
        </bdi>
        <span class="sub">
          {op} · {when(invoke, `at ${momentText(invoke.t)}`)}
          {broken.map((id) => (
            <>
              {' '}
              <a class="broke" href={`#${links.section}-${id}`}>
                {id}
              </a>
            </>
          ))}
        </span>
      </th>
      <td data-label="saved locally">
        {localCommit ? (
          when(localCommit)
        ) : refused ? (
          <>refused {when(refused)}</>
        ) : saved ? (
          <>only said so {when(saved)}</>
        ) : (
          <None />
        )}
      </td>
      <td data-label="attempts">
        {requests.length === 0 ? <None /> : <Attempts operation={operation} links={links} />}
      </td>
      <td data-label="server commit">
        {commits.length === 0 && !beaten && <None />}
        {commits.map((commit, i) => (
          <div>
            {commits.length > 1 && `${i + 1}. `}
            {when(commit)} <span class="sub">v{commit.version}</span>
          </div>
        ))}
        {beaten && (
          <div>
            {beaten.outcome === 'conflict' ? 'lost' : 'rejected'} {when(beaten)}{' '}
            {beaten.rule && <span class="sub">{beaten.rule}</span>}
          </div>
        )}
      </td>
      <td data-label="ack">
        {acks.length === 0 && !operation.settled && <None />}
        {acks.map((ack) => (
          <div>
            {when(ack)} <span class="sub">{ack.outcome}</span>
          </div>
        ))}
        {acks.length === 0 && operation.settled && <>said so {when(operation.settled)}</>}
      </td>
      <td data-label="seen by others">
        {history.devices.length === 1 && <span class="none">nobody else is there</span>}
        {findPeerSightings(history, operation).map(({ device: peer, event }) => (
          <div>
            {peer} {event ? when(event) : <None />}
          </div>
        ))}
      </td>
    </tr>
  )
}

/** Each of a few; of many the count, how they ended, the first and the last. */
function Attempts({
  operation: { requests, invoke },
  links,
}: {
  operation: Operation
  links: Links
}) {
  const ended = (trip: (typeof requests)[number]) => {
    if (!trip.response) return 'unanswered'
    return trip.response.outcome === 'response'
      ? String(trip.response.status ?? 'answered')
      : REQUEST_FAILURE_WORDS[trip.response.outcome].label
  }
  const moment = (trip: (typeof requests)[number]) => (
    <Moment href={links.to(trip.request.seq)}>{laterText(trip.request.t - invoke.t)}</Moment>
  )
  const [first, last] = [requests[0], requests.at(-1)]
  if (requests.length <= 3 || !first || !last) {
    return (
      <>
        {requests.map((trip) => (
          <div>
            {moment(trip)} <span class="sub">{ended(trip)}</span>
          </div>
        ))}
      </>
    )
  }
  const endings = new Map<string, number>()
  for (const trip of requests) endings.set(ended(trip), (endings.get(ended(trip)) ?? 0) + 1)
  return (
    <>
      <div>
        {countText(requests.length, 'attempt')}, {moment(first)} to {moment(last)}
      </div>
      <span class="sub">
        {[...endings].map(([ending, count]) => `${count} × ${ending}`).join(', ')}
      </span>
    </>
  )
}

const None = () => <span class="none">–</span>

function Moment({ href, children }: { href: string | undefined; children: ComponentChildren }) {
  return href ? <a href={href}>{children}</a> : <span>{children}</span>
}

/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import type { Envelope } from '../../harness/core/event.ts'
import { groupBy } from '../../harness/core/group.ts'
import type { History } from '../../harness/core/history.ts'
import type { Operation } from '../../harness/core/operation.ts'
import { isWrite } from '../../harness/core/operation.ts'
import { isFailure, REQUEST_FAILURE_WORDS } from '../../harness/core/request-failure.ts'
import type { RequestTrip } from '../../harness/core/request-trip.ts'
import { interceptionCause } from '../events/interception-text.ts'
import { actionText } from '../words/action.ts'
import { countText, prefixed } from '../words/text.ts'
import { laterText, momentText } from '../words/time.ts'
import type { Links } from './links.ts'
import { findPeerSightings } from './peer-sightings.ts'

interface Props {
  readonly history: History
  readonly links: Links
  /** For each operation, the invariants whose findings name it. */
  readonly breaches: ReadonlyMap<string, readonly string[]>
}

/** A table with a row per action, from its local save to its appearance on other devices. */
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
            broken={breaches.get(operation.opId) ?? []}
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
  const cell = { operation, links }
  return (
    <tr class={broken.length > 0 ? 'broken' : undefined}>
      <th scope="row">
        <ActionCell {...cell} broken={broken} />
      </th>
      <td data-label="saved locally">
        <SavedCell {...cell} />
      </td>
      <td data-label="attempts">
        <AttemptsCell {...cell} />
      </td>
      <td data-label="server commit">
        <CommitCell {...cell} />
      </td>
      <td data-label="ack">
        <AckCell {...cell} />
      </td>
      <td data-label="seen by others">
        <PeersCell {...cell} history={history} />
      </td>
    </tr>
  )
}

interface Cell {
  readonly operation: Operation
  readonly links: Links
}

function ActionCell({ operation, links, broken }: Cell & { broken: readonly string[] }) {
  const { opId, device, action, invoke } = operation
  return (
    <>
      <bdi>
        {device} {actionText(action)}
      </bdi>
      <span class="sub">
        {opId} · <Moment href={links.to(invoke.seq)}>at {momentText(invoke.t)}</Moment>
        {broken.map((id) => (
          <>
            {' '}
            <a class="broke" href={`#${links.section}-${id}`}>
              {id}
            </a>
          </>
        ))}
      </span>
    </>
  )
}

function SavedCell({ operation, links }: Cell) {
  const { invoke, localCommit, refused, saved } = operation
  if (localCommit) return <Later event={localCommit} since={invoke} links={links} />
  if (refused)
    return (
      <>
        refused <Later event={refused} since={invoke} links={links} />
      </>
    )
  if (saved)
    return (
      <>
        only said so <Later event={saved} since={invoke} links={links} />
      </>
    )
  return <None />
}

function CommitCell({ operation: { invoke, commits, outcomes }, links }: Cell) {
  const lost = outcomes.findLast(({ outcome }) => outcome === 'conflict' || outcome === 'rejected')
  if (commits.length === 0 && !lost) return <None />
  return (
    <>
      {commits.map((commit, i) => (
        <div>
          {commits.length > 1 && `${i + 1}. `}
          <Later event={commit} since={invoke} links={links} />{' '}
          <span class="sub">
            v{commit.version}
            {commit.derived && ', from the dump'}
          </span>
        </div>
      ))}
      {lost && (
        <div>
          {lost.outcome === 'conflict' ? 'lost' : 'rejected'}{' '}
          <Later event={lost} since={invoke} links={links} />{' '}
          {lost.rule && <span class="sub">{lost.rule}</span>}
        </div>
      )}
    </>
  )
}

/** Shows the client's acks; without any, its report that the action settled. */
function AckCell({ operation: { invoke, acks, settled }, links }: Cell) {
  if (acks.length > 0)
    return (
      <>
        {acks.map((ack) => (
          <div>
            <Later event={ack} since={invoke} links={links} />{' '}
            <span class="sub">{ack.outcome}</span>
          </div>
        ))}
      </>
    )
  if (!settled) return <None />
  return (
    <>
      said so <Later event={settled} since={invoke} links={links} />
    </>
  )
}

function PeersCell({ operation, links, history }: Cell & { history: History }) {
  if (history.devices.length === 1) return <span class="none">nobody else is there</span>
  return (
    <>
      {findPeerSightings(history, operation).map(({ device, event }) => (
        <div>
          {device}{' '}
          {event ? <Later event={event} since={operation.invoke} links={links} /> : <None />}
        </div>
      ))}
    </>
  )
}

/** More attempts than this are summed up: their number, the first, the last, and the outcomes. */
const ATTEMPTS_LISTED_MAX = 3

function AttemptsCell({ operation: { requests, invoke }, links }: Cell) {
  const [first, last] = [requests[0], requests.at(-1)]
  if (!first || !last) return <None />
  const sent = ({ request }: RequestTrip) => <Later event={request} since={invoke} links={links} />
  if (requests.length <= ATTEMPTS_LISTED_MAX) {
    return (
      <>
        {requests.map((trip) => (
          <div>
            {sent(trip)} <span class="sub">{endingText(trip)}</span>
          </div>
        ))}
      </>
    )
  }
  const endings = [...groupBy(requests, endingText)]
  return (
    <>
      <div>
        {countText(requests.length, 'attempt')}, {sent(first)} to {sent(last)}
      </div>
      <span class="sub">
        {endings.map(([ending, { length }]) => `${length} × ${ending}`).join(', ')}
      </span>
    </>
  )
}

/** 'timed out – a fault lost the answer, after the server has acted' */
function endingText({ response, interceptions }: RequestTrip): string {
  const fault = interceptions.at(-1)
  return `${statusText(response)}${prefixed(' – ', fault && interceptionCause(fault))}`
}

function statusText(response: RequestTrip['response']): string {
  if (!response) return 'unanswered'
  if (isFailure(response.outcome)) return REQUEST_FAILURE_WORDS[response.outcome].label
  return response.outcome === 'sent' ? 'sent' : String(response.status ?? 'answered')
}

const None = () => <span class="none">–</span>

/** Shows the time from `since` to the event, as a link to the event. */
function Later({ event, since, links }: { event: Envelope; since: Envelope; links: Links }) {
  return <Moment href={links.to(event.seq)}>{laterText(event.t - since.t)}</Moment>
}

function Moment({ href, children }: { href: string | undefined; children: ComponentChildren }) {
  return href ? <a href={href}>{children}</a> : <span>{children}</span>
}

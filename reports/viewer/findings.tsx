/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Event } from '../../harness/core/event.ts'
import type { History } from '../../harness/core/history.ts'
import type { Finding } from '../../harness/core/invariant.ts'
import type { InvariantResult, ScenarioResult } from '../../harness/core/result.ts'
import type { DescribeEvent } from '../events/event-views.ts'
import { countText } from '../words/text.ts'
import { momentText } from '../words/time.ts'
import type { Links } from './links.ts'

interface Props {
  readonly history: History
  readonly links: Links
  readonly describeEvent: DescribeEvent
}

/** Each broken promise, with the events that prove it. */
export function Findings({ result, ...props }: Props & { result: ScenarioResult }) {
  const broken = result.invariants.filter(({ findings }) => findings.length > 0)
  return (
    <>
      {broken.map((invariant) => (
        <BrokenInvariant invariant={invariant} {...props} />
      ))}
    </>
  )
}

function BrokenInvariant({
  invariant: { id, promise, findings },
  ...props
}: Props & { invariant: InvariantResult }) {
  return (
    <section class="finding" id={`${props.links.section}-${id}`} aria-label={id}>
      <h4>
        <span class="id">{id}</span> <span class="promise">{promise}</span>
      </h4>
      {findings.map(({ message, evidence }) => (
        <div class="breach">
          <p>
            <bdi>{message}</bdi>
          </p>
          <Evidence evidence={evidence} {...props} />
        </div>
      ))}
    </section>
  )
}

const EVENTS_SHOWN_MAX = 14
const EVENTS_AFTER_GAP = 4

/** Lists the events in time order, and leaves out the middle of many. */
function Evidence({
  evidence,
  history,
  links,
  describeEvent,
}: Props & { evidence: Finding['evidence'] }) {
  const bySeq = new Map(history.all.map((event) => [event.seq, event]))
  const events = [...evidence].sort((a, b) => a - b).flatMap((seq) => bySeq.get(seq) ?? [])
  const skipped = Math.max(0, events.length - EVENTS_SHOWN_MAX)
  const gapAt = skipped > 0 ? EVENTS_SHOWN_MAX - EVENTS_AFTER_GAP : events.length
  const item = (event: Event) => (
    <li>
      <a {...hrefOf(links.to(event.seq))}>
        <span class="t">{momentText(event.t)}</span>
        <span class="n">{event.node}</span>
        <bdi>{describeEvent(event)}</bdi>
      </a>
    </li>
  )
  return (
    <ol class="evidence">
      {events.slice(0, gapAt).map(item)}
      {skipped > 0 && <li class="none">{countText(skipped, 'more event')}</li>}
      {events.slice(gapAt + skipped).map(item)}
    </ol>
  )
}

const hrefOf = (href: string | undefined) => (href === undefined ? {} : { href })

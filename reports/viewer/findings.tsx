/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { History } from '../../harness/core/history.ts'
import type { InvariantResult, ScenarioResult } from '../../harness/core/result.ts'
import type { DescribeEvent } from '../events/event-views.ts'
import { countText } from '../words/text.ts'
import { momentText } from '../words/time.ts'
import type { Links } from './links.ts'

interface Props {
  readonly result: ScenarioResult
  readonly history: History
  readonly links: Links
  readonly tell: DescribeEvent
}

/** Each broken promise, with the events that prove it. */
export function Findings(props: Props) {
  const broken = props.result.invariants.filter(({ findings }) => findings.length > 0)
  return (
    <>
      {broken.map((invariant) => (
        <Broken invariant={invariant} {...props} />
      ))}
    </>
  )
}

const EVIDENCE_LINES_MAX = 14

function Broken({
  invariant: { id, promise, findings },
  history,
  links,
  tell,
}: Props & { invariant: InvariantResult }) {
  const bySeq = new Map(history.all.map((event) => [event.seq, event]))
  return (
    <section class="finding" id={`${links.section}-${id}`} aria-label={id}>
      <h4>
        <span class="id">{id}</span> <span class="promise">{promise}</span>
      </h4>
      {findings.map((finding) => {
        const events = [...finding.evidence]
          .sort((a, b) => a - b)
          .flatMap((seq) => bySeq.get(seq) ?? [])
        const skipped = events.length > EVIDENCE_LINES_MAX ? events.length - EVIDENCE_LINES_MAX : 0
        const told =
          skipped > 0 ? [...events.slice(0, EVIDENCE_LINES_MAX - 4), ...events.slice(-4)] : events
        return (
          <div class="breach">
            <p>
              <bdi>{finding.message}</bdi>
            </p>
            <ol class="evidence">
              {told.map((event, i) => (
                <>
                  {skipped > 0 && i === EVIDENCE_LINES_MAX - 4 && (
                    <li class="none">{countText(skipped, 'more event')}</li>
                  )}
                  <li>
                    <a {...hrefOf(links.to(event.seq))}>
                      <span class="t">{momentText(event.t)}</span>
                      <span class="n">{event.node}</span>
                      <bdi>{tell(event)}</bdi>
                    </a>
                  </li>
                </>
              ))}
            </ol>
          </div>
        )
      })}
    </section>
  )
}

const hrefOf = (href: string | undefined) => (href === undefined ? {} : { href })

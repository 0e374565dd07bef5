/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import type { History } from '../../../harness/core/history.ts'
import type { RequestTrip } from '../../../harness/core/request-trip.ts'
import { spanText } from '../../../harness/core/time.ts'
import type { DescribeEvent } from '../../events/event-views.ts'
import { countText, listText } from '../../words/text.ts'
import { momentText } from '../../words/time.ts'
import { type Arrow, arrowsOf } from './arrows.ts'
import { type Band, bandsOf } from './bands.ts'
import { fitText, textWidth } from './fit-text.ts'
import { type DeviceLane, type Lanes, lanesOf, middleOf } from './lanes.ts'
import { computeLayout, type Layout, type Placement } from './layout.ts'

export interface Drawing {
  readonly picture: ComponentChildren
  /** The events that have a place in the picture: others cannot be linked to. */
  readonly shown: ReadonlySet<number>
}

/** A history as a sequence diagram. `evidence`: the events to mark. `id` gives an event its anchor. */
export function draw(
  history: History,
  evidence: ReadonlySet<number>,
  tell: DescribeEvent,
  id: (seq: number) => string,
): Drawing {
  const lanes = lanesOf(history.devices)
  const layout = computeLayout(history, evidence, tell)
  const arrows = arrowsOf(history, lanes, layout)
  const marked = (seqs: readonly number[]) => seqs.some((seq) => evidence.has(seq))
  const notes = layout.placements.filter(({ note }) => note)
  const anchored = new Set([
    ...notes.map(({ event }) => event.seq),
    ...arrows.flatMap(({ seqs }) => seqs),
  ])
  const lines = layout.placements.filter(({ event }) => !anchored.has(event.seq))
  const title = (seq: number) => {
    const event = layout.bySeq.get(seq)?.event
    return event ? `${momentText(event.t)} · ${event.node} ${tell(event)}` : ''
  }
  const picture = (
    <section class="diagram" tabindex={0} aria-label="What happened, from top to bottom">
      <Heads lanes={lanes} history={history} />
      <svg
        width={lanes.width}
        height={Math.ceil(layout.height)}
        viewBox={`0 0 ${lanes.width} ${Math.ceil(layout.height)}`}
        role="img"
        aria-label="Sequence diagram"
      >
        <Lifelines lanes={lanes} layout={layout} requests={history.whole.requests} />
        {bandsOf(history, lanes, layout).map((band) => (
          <FaultBand band={band} />
        ))}
        <Moments layout={layout} lanes={lanes} />
        {layout.jumps.map(({ y, ms }) => (
          <g class="jump">
            <path d={`M${lanes.left} ${round(y)}H${lanes.width - 8}`} />
            <text x={lanes.left - 10} y={round(y + 4)} text-anchor="end">
              {`⋮ ${spanText(ms)}`}
            </text>
          </g>
        ))}
        {layout.folds.map(({ y, count, devices }) => (
          <text class="quiet" x={middleOf(lanes.server)} y={round(y + 4)} text-anchor="middle">
            {`⋮ ${countText(count, 'more request')} like this, by ${listText(devices)} ⋮`}
          </text>
        ))}
        {lines.map((placed) => (
          <PhaseLine placed={placed} lanes={lanes} id={id(placed.event.seq)} />
        ))}
        {arrows.map((arrow) => (
          <Anchors seqs={arrow.seqs} id={id} class={marked(arrow.seqs) ? 'ev' : undefined}>
            <title>{arrow.seqs.map(title).join('\n')}</title>
            <ArrowShape arrow={arrow} />
          </Anchors>
        ))}
        {notes.map((placed) => (
          <g id={id(placed.event.seq)} class={marked([placed.event.seq]) ? 'ev' : undefined}>
            <title>{title(placed.event.seq)}</title>
            <NoteShape placed={placed} lanes={lanes} marked={marked([placed.event.seq])} />
          </g>
        ))}
      </svg>
    </section>
  )
  return { picture, shown: new Set([...anchored, ...lines.map(({ event }) => event.seq)]) }
}

const round = (x: number) => Math.round(x * 10) / 10

/** The names, which stay in sight while the diagram scrolls below them. */
function Heads({ lanes, history }: { lanes: Lanes; history: History }) {
  const users = new Map(history.head.scenario.devices.map(({ name, user }) => [name, user]))
  const heads = [...lanes.devices.values()]
  return (
    <svg
      class="heads"
      width={lanes.width}
      height={40}
      viewBox={`0 0 ${lanes.width} 40`}
      aria-hidden="true"
    >
      {heads.map(({ name, line, link }) => (
        <g>
          <use href="#i-phone" x={line - 9} y={5} width={18} height={18} />
          <text class="who" x={line} y={36} text-anchor="middle">
            {users.get(name) === name ? name : `${name} (${users.get(name)})`}
          </text>
          <text class="via" x={middleOf(link)} y={36} text-anchor="middle">
            link
          </text>
        </g>
      ))}
      <use href="#i-server" x={middleOf(lanes.server) - 9} y={5} width={18} height={18} />
      <text class="who" x={middleOf(lanes.server)} y={36} text-anchor="middle">
        server
      </text>
    </svg>
  )
}

function Lifelines({
  lanes,
  layout,
  requests,
}: {
  lanes: Lanes
  layout: Layout
  requests: readonly RequestTrip[]
}) {
  const end = layout.height - 10
  return (
    <g class="lanes">
      <rect
        class="server"
        x={lanes.server[0]}
        y={0}
        width={lanes.server[1] - lanes.server[0]}
        height={end}
        rx={4}
      />
      {[...lanes.devices.values()].map((lane) => (
        <g>
          <rect
            class="link"
            x={lane.link[0]}
            y={0}
            width={lane.link[1] - lane.link[0]}
            height={end}
            rx={4}
          />
          <path class="life" d={`M${lane.line} 0V${round(end)}`} />
          {deaths(lane.name, layout, end).map(([from, to]) => (
            <path class="dead" d={`M${lane.line} ${round(from)}V${round(to)}`} />
          ))}
          {requests.map((trip) => {
            const [from, to] = [
              layout.bySeq.get(trip.request.seq),
              trip.response && layout.bySeq.get(trip.response.seq),
            ]
            return (
              trip.device === lane.name &&
              from &&
              to && <path class="waits" d={`M${lane.line} ${round(from.y)}V${round(to.y)}`} />
            )
          })}
        </g>
      ))}
      {deaths('server', layout, end).map(([from, to]) => (
        <rect
          class="down"
          x={lanes.server[0]}
          y={round(from)}
          width={lanes.server[1] - lanes.server[0]}
          height={round(to - from)}
        />
      ))}
    </g>
  )
}

/** When a node had no process. */
function deaths(node: string, layout: Layout, end: number): [number, number][] {
  const spans: [number, number][] = []
  let from: number | undefined
  for (const { event, y } of layout.placements) {
    if (event.node !== node) continue
    if (event.type === 'crash') from = y
    if (event.type === 'start' && from !== undefined) {
      spans.push([from, y])
      from = undefined
    }
  }
  return from === undefined ? spans : [...spans, [from, end]]
}

function FaultBand({ band }: { band: Band }) {
  const { kind, x, width, from, to, caption, fault } = band
  const text = fitText(fault.says, 220, 11)
  const wide = textWidth(text, 11) + 16
  const middle = x + width / 2
  return (
    <g class={`band ${kind}`}>
      <title>{fault.says}</title>
      <rect
        x={round(x)}
        y={round(from)}
        width={round(width)}
        height={round(Math.max(6, to - from))}
        rx={4}
      />
      {caption && (
        <>
          <rect
            class="pill"
            x={round(middle - wide / 2)}
            y={round(from - 9)}
            width={round(wide)}
            height={18}
            rx={9}
          />
          <text x={round(middle)} y={round(from + 4)} text-anchor="middle">
            {text}
          </text>
        </>
      )}
    </g>
  )
}

function Moments({ layout, lanes }: { layout: Layout; lanes: Lanes }) {
  const told: { y: number; text: string }[] = []
  for (const { event, y } of layout.placements) {
    const last = told.at(-1)
    const text = momentText(event.t)
    const inJump = layout.jumps.some((jump) => Math.abs(jump.y - y) < 15)
    if (!last || (text !== last.text && y - last.y >= 15 && !inJump)) told.push({ y, text })
  }
  return (
    <g class="moments">
      {told.map(({ y, text }) => (
        <text x={lanes.left - 10} y={round(y + 4)} text-anchor="end">
          {text}
        </text>
      ))}
    </g>
  )
}

const PHASE: Readonly<Record<string, string>> = {
  heal: 'all faults end',
  read: 'every screen is read',
  probe: 'what would unstick it?',
}

function PhaseLine({
  placed: { event, y },
  lanes,
  id,
}: {
  placed: Placement
  lanes: Lanes
  id: string
}) {
  if (event.type !== 'phase') return <g id={id} />
  const text = PHASE[event.phase] ?? event.phase
  const middle = middleOf(lanes.server)
  const half = textWidth(text, 11) / 2 + 10
  return (
    <g class="phase" id={id}>
      <path
        d={`M${lanes.left} ${round(y)}H${round(middle - half)}M${round(middle + half)} ${round(y)}H${lanes.width - 8}`}
      />
      <text x={middle} y={round(y + 4)} text-anchor="middle">
        {text}
      </text>
    </g>
  )
}

/** Nested, so that each of the events that one shape stands for has an anchor that lights it up. */
function Anchors({
  seqs,
  id,
  children,
  class: name,
}: {
  seqs: readonly number[]
  id: (seq: number) => string
  children: ComponentChildren
  class: string | undefined
}) {
  return seqs.reduceRight<ComponentChildren>(
    (inner, seq, i) => (
      <g id={id(seq)} class={i === 0 ? name : undefined}>
        {inner}
      </g>
    ),
    children,
  )
}

function ArrowShape({ arrow }: { arrow: Arrow }) {
  const { x1, y1, x2, y2, lost, faint, label, way } = arrow
  const right = x2 > x1
  const to = right ? x2 - 5 : x2 + 5
  const text = fitText(label, 150, 11)
  return (
    <g class={`arrow ${way}${lost ? ' bad' : ''}${faint ? ' faint' : ''}`}>
      <path d={`M${x1} ${round(y1)}L${lost ? x2 : to} ${round(y2)}`} />
      {lost ? (
        <path class="cross" d={`M${x2 - 5} ${round(y2 - 5)}l10 10m0 -10l-10 10`} />
      ) : (
        <path class="head" d={`M${x2} ${round(y2)}l${right ? -7 : 7} -4v8z`} />
      )}
      {text !== '' && (
        <text x={right ? x1 + 8 : x1 - 8} y={round(y1 - 5)} text-anchor={right ? 'start' : 'end'}>
          {text}
        </text>
      )}
    </g>
  )
}

function NoteShape({
  placed,
  lanes,
  marked,
}: {
  placed: Placement
  lanes: Lanes
  marked: boolean
}) {
  const { event, note, y } = placed
  if (!note) return null
  const lane = lanes.devices.get(event.node)
  if (note.tone === 'tap' && lane)
    return <Bubble text={note.lines[0]?.text ?? ''} lane={lane} y={y} />
  const place =
    note.onLink && lane
      ? besideLink(lane)
      : lane
        ? beside(lane)
        : {
            x: middleOf(lanes.server),
            room: lanes.server[1] - lanes.server[0] - 14,
            anchor: 'middle' as const,
            step: 0,
          }
  const signed = note.lines.some(({ sign }) => sign)
  return (
    <g class={`note ${note.tone}`}>
      {lane && !note.onLink && <circle cx={lane.line} cy={round(y)} r={3.5} />}
      {note.lines.map(({ text, sign }, i) => {
        const shown = fitText(text, place.room - (signed ? 18 : 0))
        const width = textWidth(shown) + (sign ? 17 : 0)
        const start =
          place.anchor === 'end'
            ? place.x - width
            : place.anchor === 'middle'
              ? place.x - width / 2
              : place.x
        const at = y + i * 17
        return (
          <>
            {marked && (
              <rect
                class="mark"
                x={round(start - 5)}
                y={round(at - 9)}
                width={round(width + 10)}
                height={18}
                rx={5}
              />
            )}
            {sign && (
              <use
                href={`#i-${sign}`}
                class={`s-${sign}`}
                x={round(start)}
                y={round(at - 6.5)}
                width={13}
                height={13}
              />
            )}
            <text x={round(start + (sign ? 17 : 0))} y={round(at + 4)}>
              {shown}
            </text>
          </>
        )
      })}
    </g>
  )
}

const beside = ({ column, side }: DeviceLane) => {
  const room = column[1] - column[0]
  return side === 'left'
    ? { x: column[1], room, anchor: 'end' as const }
    : { x: column[0], room, anchor: 'start' as const }
}

const besideLink = ({ line, side }: DeviceLane) =>
  side === 'left'
    ? { x: line + 10, room: 185, anchor: 'start' as const }
    : { x: line - 10, room: 185, anchor: 'end' as const }

/** What a person does, as a speech bubble that points at their phone. */
function Bubble({ text, lane, y }: { text: string; lane: DeviceLane; y: number }) {
  const shown = fitText(text, lane.column[1] - lane.column[0] - 22, 12)
  const width = textWidth(shown, 12) + 20
  const left = lane.side === 'left'
  const x = left ? lane.column[1] - width : lane.column[0]
  const tip = left
    ? `M${lane.column[1] - 1} ${round(y - 4)}l8 4l-8 4z`
    : `M${lane.column[0] + 1} ${round(y - 4)}l-8 4l8 4z`
  return (
    <g class="note tap">
      <rect x={round(x)} y={round(y - 12)} width={round(width)} height={24} rx={11} />
      <path d={tip} />
      <text x={round(x + width / 2)} y={round(y + 4)} text-anchor="middle">
        {shown}
      </text>
    </g>
  )
}

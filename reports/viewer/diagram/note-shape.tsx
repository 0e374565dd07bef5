/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Note, NoteLine } from '../../events/note.ts'
import { fitText, textWidth } from './fit-text.ts'
import { LINE_HEIGHT } from './lane-space.ts'
import { type DeviceLane, type Lanes, middleOf } from './lanes.ts'
import type { Placement } from './layout.ts'
import { round } from './round.ts'

export function NoteShape({
  placement: { event, note, y },
  lanes,
  marked,
}: {
  placement: Placement
  lanes: Lanes
  marked: boolean
}) {
  if (!note) return null
  const lane = lanes.devices.get(note.onLink ?? event.node)
  if (note.tone === 'tap' && lane)
    return <Bubble text={note.lines[0]?.text ?? ''} lane={lane} y={y} />
  const slot = slotOf(note, lane, lanes)
  const hasSigns = note.lines.some(({ sign }) => sign)
  const width = slot.width - (hasSigns ? SIGN_WIDTH + 1 : 0)
  return (
    <g class={`note ${note.tone}`}>
      {lane && !note.onLink && <circle cx={lane.line} cy={round(y)} r={3.5} />}
      {note.lines.map(({ text, sign }, i) => (
        <Line
          line={{ text: fitText(text, width), ...(sign && { sign }) }}
          slot={slot}
          y={y + i * LINE_HEIGHT}
          marked={marked}
        />
      ))}
    </g>
  )
}

/** The place for the lines of a note: they are aligned at `x`. */
interface Slot {
  readonly x: number
  readonly width: number
  readonly align: 'start' | 'middle' | 'end'
}

function slotOf(note: Note, lane: DeviceLane | undefined, lanes: Lanes): Slot {
  if (!lane) {
    const [from, to] = lanes.server
    return { x: middleOf(lanes.server), width: to - from - 14, align: 'middle' }
  }
  return note.onLink ? besideLink(lane) : besideLifeline(lane)
}

function besideLifeline({ column: [from, to], side }: DeviceLane): Slot {
  const width = to - from
  return side === 'left' ? { x: to, width, align: 'end' } : { x: from, width, align: 'start' }
}

function besideLink({ line, side }: DeviceLane): Slot {
  const width = 185
  return side === 'left'
    ? { x: line + 10, width, align: 'start' }
    : { x: line - 10, width, align: 'end' }
}

const SIGN_WIDTH = 17

function Line({
  line: { text, sign },
  slot,
  y,
  marked,
}: {
  line: NoteLine
  slot: Slot
  y: number
  marked: boolean
}) {
  const signWidth = sign ? SIGN_WIDTH : 0
  const width = textWidth(text) + signWidth
  const x = slot.x - width * { start: 0, middle: 0.5, end: 1 }[slot.align]
  return (
    <>
      {marked && (
        <rect
          class="mark"
          x={round(x - 5)}
          y={round(y - 9)}
          width={round(width + 10)}
          height={18}
          rx={5}
        />
      )}
      {sign && (
        <use
          href={`#i-${sign}`}
          class={`s-${sign}`}
          x={round(x)}
          y={round(y - 6.5)}
          width={13}
          height={13}
        />
      )}
      <text x={round(x + signWidth)} y={round(y + 4)}>
        {text}
      </text>
    </>
  )
}

/** A person's action, as a speech bubble that points at their phone. */
function Bubble({ text, lane, y }: { text: string; lane: DeviceLane; y: number }) {
  const [from, to] = lane.column
  const shown = fitText(text, to - from - 22, 12)
  const width = textWidth(shown, 12) + 20
  const isLeft = lane.side === 'left'
  const x = isLeft ? to - width : from
  const tip = isLeft
    ? `M${to - 1} ${round(y - 4)}l8 4l-8 4z`
    : `M${from + 1} ${round(y - 4)}l-8 4l8 4z`
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
